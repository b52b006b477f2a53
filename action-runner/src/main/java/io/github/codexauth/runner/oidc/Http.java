package io.github.codexauth.runner.oidc;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** GET, with a time limit and a limit on what is read. Redirects are not followed. */
final class Http {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int LONGEST = 256 * 1024;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();

    byte[] get(URI address, String what) throws UnprovenException {
        return send(HttpRequest.newBuilder(requireSafe(address, what)), what);
    }

    byte[] getAuthorized(URI address, String bearer, String what) throws UnprovenException {
        return send(
                HttpRequest.newBuilder(requireSafe(address, what)).header("Authorization", "Bearer " + bearer), what);
    }

    private byte[] send(HttpRequest.Builder request, String what) throws UnprovenException {
        try {
            HttpResponse<InputStream> response = client.send(
                    request.timeout(LIMIT).header("Accept", "application/json").build(), BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                byte[] bytes = body.readNBytes(LONGEST + 1);
                if (response.statusCode() != 200 || bytes.length > LONGEST) {
                    throw new UnprovenException(what + " answered with status " + response.statusCode());
                }
                return bytes;
            }
        } catch (IOException e) {
            throw new UnprovenException(what + " cannot be reached");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnprovenException("the process was told to stop");
        }
    }

    /** Plain http only to this machine itself: a token on the wire is a token lost. */
    private static URI requireSafe(URI address, String what) throws UnprovenException {
        boolean loopback = "http".equals(address.getScheme()) && "127.0.0.1".equals(address.getHost());
        if (!"https".equals(address.getScheme()) && !loopback) {
            throw new UnprovenException(what + " is not at an https address");
        }
        return address;
    }
}
