package io.github.codexauth.broker;

import com.sun.net.httpserver.HttpHandler;
import io.github.codexauth.SecretText;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the credential on a session's requests, which come with a placeholder, and passes answers through as they come.
 * Open for as long as the session lives.
 *
 * <p>Model calls and everything else come in at two ports: since 0.169.0 Codex sends the model calls of a provider that
 * has the same origin as {@code chatgpt_base_url} to wherever the account's workspace wants them, past any broker.
 */
public final class Broker implements AutoCloseable {
    private final LoopbackServer forModels;
    private final LoopbackServer forTheRest;

    private Broker(LoopbackServer forModels, LoopbackServer forTheRest) {
        this.forModels = forModels;
        this.forTheRest = forTheRest;
    }

    /**
     * The servers behind a broker.
     *
     * @param models those that answer model calls, by names of the caller's
     * @param account the one that knows the account
     * @param tokenOwner the one that says whose access token it is, for credentials of which Codex asks that
     */
    public record Upstreams(Map<String, Upstream> models, Upstream account, Optional<Upstream> tokenOwner) {
        public Upstreams {
            models = Map.copyOf(models);
        }
    }

    /**
     * Where a Codex is to send its requests.
     *
     * @param models in the place of those, by the same names
     */
    public record Addresses(Map<String, URI> models, URI account, Optional<URI> tokenOwner) {
        public Addresses {
            models = Map.copyOf(models);
        }
    }

    /** A broker, and its addresses. */
    public record Opened(Broker broker, Addresses addresses) {}

    /**
     * Opens one.
     *
     * @param placeholder what requests come with that are to get the credential; nobody else's are passed on
     * @throws IOException if the machine has no loopback interface, or no free port
     */
    public static Opened open(SecretText placeholder, Bearers bearers, Outward outward, Upstreams upstreams)
            throws IOException {
        LoopbackServer forModels = LoopbackServer.open();
        LoopbackServer forTheRest;
        try {
            forTheRest = LoopbackServer.open();
        } catch (IOException e) {
            forModels.close();
            throw e;
        }
        Session session = new Session(placeholder, bearers, outward, new RequestBodies());
        WorkspaceRouting routing = new WorkspaceRouting(outward.client(), upstreams.account());
        Map<String, URI> models = new LinkedHashMap<>();
        upstreams.models().forEach((name, upstream) -> {
            Optional<WorkspaceRouting> routed =
                    upstream.sharesOriginWith(upstreams.account()) ? Optional.of(routing) : Optional.empty();
            models.put(
                    name,
                    withoutSlash(
                            forModels.serve("models/" + models.size() + "/", new Passage(session, upstream, routed))));
        });
        URI account = forTheRest.serve("backend-api/", new Passage(session, upstreams.account(), Optional.empty()));
        Optional<URI> tokenOwner = upstreams
                .tokenOwner()
                .map(owner ->
                        withoutSlash(forTheRest.serve("accounts/", new Passage(session, owner, Optional.empty()))));
        return new Opened(new Broker(forModels, forTheRest), new Addresses(models, withoutSlash(account), tokenOwner));
    }

    /** Answers one more path itself; see {@link LoopbackServer#serve}. */
    public URI serve(String path, HttpHandler handler) {
        return forTheRest.serve(path, handler);
    }

    private static URI withoutSlash(URI address) {
        String text = address.toString();
        return URI.create(text.substring(0, text.length() - 1));
    }

    /** Turns everybody away from now on, and breaks off what is under way. */
    @Override
    public void close() {
        forModels.close();
        forTheRest.close();
    }
}
