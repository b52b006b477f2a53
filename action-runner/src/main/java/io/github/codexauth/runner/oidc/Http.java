package io.github.codexauth.runner.oidc;

import io.github.codexauth.broker.Outward;
import io.github.codexauth.runner.network.Authorities;
import io.github.codexauth.runner.network.HttpsClients;
import io.github.codexauth.runner.network.UnusableCaBundleException;
import io.github.codexauth.runner.network.UnusableProxyException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Map;

/**
 * GET, with a time limit and a limit on what is read, through the proxy of the environment. Redirects are not followed.
 */
final class Http {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int LONGEST = 256 * 1024;

    private final Outward outward;
    private final Authorities authorities;

    /**
     * @param environment names the proxy
     * @param authorities whose certificates are believed
     */
    Http(Map<String, String> environment, Authorities authorities) throws UnprovenException {
        this.authorities = authorities;
        try {
            outward = HttpsClients.create(environment, authorities, LIMIT);
        } catch (UnusableProxyException e) {
            throw new UnprovenException(String.valueOf(e.getMessage()));
        } catch (UnusableCaBundleException e) {
            throw new UnprovenException(e.problem());
        }
    }

    byte[] get(URI address, String what) throws UnprovenException {
        return send(HttpRequest.newBuilder(requireSafe(address, what)), what);
    }

    byte[] getAuthorized(URI address, String bearer, String what) throws UnprovenException {
        return send(
                HttpRequest.newBuilder(requireSafe(address, what)).header("Authorization", "Bearer " + bearer), what);
    }

    private byte[] send(HttpRequest.Builder request, String what) throws UnprovenException {
        try {
            outward.proxyHeaders().forEach(request::setHeader);
            HttpResponse<InputStream> response = outward.client()
                    .send(
                            request.timeout(LIMIT)
                                    .header("Accept", "application/json")
                                    .build(),
                            BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                byte[] bytes = body.readNBytes(LONGEST + 1);
                if (response.statusCode() != 200 || bytes.length > LONGEST) {
                    throw new UnprovenException(what + " answered with status " + response.statusCode());
                }
                return bytes;
            }
        } catch (IOException e) {
            throw new UnprovenException(
                    isAboutACertificate(e)
                            ? what + " shows a certificate that is not trusted here" + leftOut()
                            : what + " cannot be reached");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnprovenException("the process was told to stop");
        }
    }

    private static boolean isAboutACertificate(IOException failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof CertificateException) {
                return true;
            }
        }
        return false;
    }

    private String leftOut() {
        return authorities
                .leftOut()
                .map(bundle -> "; " + bundle.variable() + " does not count, since the job itself could have written "
                        + bundle.place() + ": as root, put the CA below /etc")
                .orElse("");
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
