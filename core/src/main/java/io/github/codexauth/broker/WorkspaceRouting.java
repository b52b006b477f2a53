package io.github.codexauth.broker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.codexauth.TreeFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a workspace wants its model calls: some have to stay in a region. Codex asks for that itself since 0.155.0 and
 * moves its calls there (openai/codex#45812, #46281); it does not for calls that go to a broker, so the broker does.
 *
 * <p>Asked once, before a session's first model call, in the name of the Codex that makes it. Safe for use by several
 * threads.
 */
final class WorkspaceRouting {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int LONGEST = 1024 * 1024;
    private static final String UNCONSTRAINED = "NO_CONSTRAINT";
    private static final Set<String> OVERRIDES = Set.of("us", "us_cr");
    private static final TreeFormat JSON = TreeFormat.json();

    private final HttpClient client;
    private final URI check;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Route known;

    WorkspaceRouting(HttpClient client, Upstream account) {
        this.client = client;
        String base = account.base().toString();
        this.check = URI.create(base + (base.contains("/backend-api") ? "/wham" : "/api/codex") + "/accounts/check");
    }

    /**
     * Where a model call goes.
     *
     * @param origin an {@code https} origin in the place of the usual one
     * @param override for the header {@code x-openai-account-routing-override}
     */
    record Route(Optional<URI> origin, Optional<String> override) {
        static final Route USUAL = new Route(Optional.empty(), Optional.empty());

        URI apply(URI address) {
            return origin.map(there -> there.resolve(
                            address.getRawPath() + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery())))
                    .orElse(address);
        }
    }

    /**
     * The way for a workspace's calls; the usual one if nobody says otherwise, or nobody can be asked.
     *
     * @param question a request with the headers of the model call, and the credential
     */
    Route of(String accountId, Supplier<HttpRequest.Builder> question) throws InterruptedException {
        Route route = known;
        if (route != null) {
            return route;
        }
        asking.lockInterruptibly();
        try {
            if (known == null) {
                known = ask(accountId, question.get()).orElse(null);
            }
            route = known;
            return route == null ? Route.USUAL : route;
        } finally {
            asking.unlock();
        }
    }

    private Optional<Route> ask(String accountId, HttpRequest.Builder question) throws InterruptedException {
        try {
            HttpResponse<InputStream> answer = client.send(
                    question.uri(check)
                            .timeout(LIMIT)
                            .setHeader("Accept", "application/json")
                            .setHeader("Accept-Encoding", "identity")
                            .GET()
                            .build(),
                    BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                return answer.statusCode() == 200
                        ? Optional.of(route(JSON.read(body.readNBytes(LONGEST)), accountId))
                        : Optional.empty();
            }
        } catch (IOException unknown) {
            return Optional.empty();
        }
    }

    private static Route route(JsonNode answer, String accountId) {
        for (JsonNode each : answer.path("accounts")) {
            JsonNode account = each.has("account") ? each.path("account") : each;
            String id = account.path("id").asText(account.path("account_id").asText());
            if (id.equals(accountId)) {
                String override = account.path("account_routing_override").asText();
                return new Route(
                        origin(account.path("workspace_backend_origin").asText(UNCONSTRAINED)),
                        OVERRIDES.contains(override) ? Optional.of(override) : Optional.empty());
            }
        }
        return Route.USUAL;
    }

    private static Optional<URI> origin(String text) {
        try {
            URI origin = new URI(text);
            boolean isOrigin = "https".equals(origin.getScheme())
                    && origin.getHost() != null
                    && origin.getRawUserInfo() == null
                    && (origin.getRawPath().isEmpty() || origin.getRawPath().equals("/"))
                    && origin.getRawQuery() == null
                    && origin.getRawFragment() == null;
            return isOrigin ? Optional.of(origin) : Optional.empty();
        } catch (java.net.URISyntaxException noOrigin) {
            return Optional.empty();
        }
    }
}
