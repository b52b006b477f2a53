package io.github.codexauth.stores.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.SecretText;
import io.github.codexauth.stores.remote.Failure;
import io.github.codexauth.stores.remote.HttpCalls;
import io.github.codexauth.stores.remote.ServerJson;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Requests to one server, and to the active one of its cluster if it sends us there. Safe for use by several threads.
 */
final class Wire {
    /** A standby knows the active one, which may have changed just now. */
    private static final int MOST_REDIRECTS = 2;

    private final VaultAddress address;
    private final Refusals refusals;
    private final HttpCalls calls;

    Wire(VaultAddress address, Refusals refusals) {
        this.address = address;
        this.refusals = refusals;
        this.calls = new HttpCalls(refusals.unreached());
    }

    /**
     * Sends a request.
     *
     * @param path after {@code /v1/}
     * @param token empty for signing in
     * @throws Failure if no answer comes
     */
    Reply send(String method, String path, Optional<ObjectNode> body, Optional<SecretText> token) throws Failure {
        URI uri = URI.create(address.server() + "/v1/" + path);
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            HttpResponse<byte[]> response = calls.send(request(uri, method, body, token));
            if (response.statusCode() != 307) {
                return new Reply(
                        response.statusCode(),
                        ServerJson.read(response.body()),
                        HttpCalls.date(response),
                        HttpCalls.retryAfter(response));
            }
            uri = active(uri, response);
        }
        throw refusals.elsewhere();
    }

    /** The same at the server that we are sent to: no other path, and never without encryption where there was some. */
    private URI active(URI asked, HttpResponse<byte[]> response) throws Failure {
        try {
            URI location =
                    asked.resolve(response.headers().firstValue("location").orElse(""));
            boolean isSafe = VaultAddress.isSafe(location)
                    && ("https".equals(location.getScheme())
                            || "http".equals(address.server().getScheme()))
                    && location.getRawPath().equals(asked.getRawPath());
            if (isSafe) {
                return location;
            }
        } catch (IllegalArgumentException noAddress) {
            throw refusals.elsewhere();
        }
        throw refusals.elsewhere();
    }

    private HttpRequest request(URI uri, String method, Optional<ObjectNode> body, Optional<SecretText> token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Accept", "application/json")
                .header("Content-Type", "application/json")
                .header("User-Agent", "codex-auth")
                // An agent may ask for it, since no browser can be made to send it.
                .header("X-Vault-Request", "true")
                .method(
                        method,
                        body.isPresent()
                                ? BodyPublishers.ofByteArray(
                                        body.get().toString().getBytes(StandardCharsets.UTF_8))
                                : BodyPublishers.noBody());
        token.ifPresent(secret -> request.header("X-Vault-Token", secret.reveal()));
        address.namespace().ifPresent(namespace -> request.header("X-Vault-Namespace", namespace));
        return request.build();
    }
}
