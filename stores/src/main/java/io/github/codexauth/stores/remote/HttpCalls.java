package io.github.codexauth.stores.remote;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Calls over HTTP to one server. Each has a time limit, and reads an answer only so far; a redirect is an answer like
 * others. Safe for use by several threads.
 */
public final class HttpCalls {
    /** For each call. */
    public static final Duration LIMIT = Duration.ofSeconds(3);

    /** Of an answer. */
    public static final int LONGEST = ServerJson.LONGEST;

    private final Unreached unreached;
    private volatile @Nullable HttpClient client;

    /** @param unreached names the server, and whose certificates are believed */
    public HttpCalls(Unreached unreached) {
        this.unreached = unreached;
    }

    /**
     * Sends a request. An interrupt must not cut off what saves a login, and is left for later.
     *
     * @throws Failure if no answer comes in time, or one that is too long
     */
    public HttpResponse<byte[]> send(HttpRequest request) throws Failure {
        CompletableFuture<HttpResponse<byte[]>> answer = client().sendAsync(request, info -> BoundedBody.upTo(LONGEST));
        long end = System.nanoTime() + LIMIT.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException e) {
            throw unreached.silent();
        } catch (ExecutionException e) {
            if (CertificateFault.of(e).isPresent()) {
                // The authority's file may be another by now.
                client = null;
            }
            throw unreached.failed(e.getCause());
        } finally {
            answer.cancel(true);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** When it was answered, by the server's clock and to the second; empty if the answer does not say. */
    public static Optional<Instant> date(HttpResponse<?> response) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(
                    response.headers().firstValue("date").orElse(""), Instant::from));
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }

    /** For how long the server wants to hear nothing; zero if it does not say. */
    public static Duration retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("retry-after")
                .filter(text -> text.matches("[0-9]{1,4}"))
                .map(Long::parseLong)
                .map(Duration::ofSeconds)
                .orElse(Duration.ZERO);
    }

    /** What sends them, for calls with another end than these. */
    public HttpClient client() throws Failure {
        @Nullable HttpClient known = client;
        if (known == null) {
            known = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(LIMIT)
                    .proxy(HttpClient.Builder.NO_PROXY)
                    .sslContext(context())
                    .build();
            client = known;
        }
        return known;
    }

    /** Whose certificates are believed: those of the authority that is named, and no others. */
    private SSLContext context() throws Failure {
        try {
            if (unreached.authority().isEmpty()) {
                return SSLContext.getDefault();
            }
            KeyStore believed = KeyStore.getInstance(KeyStore.getDefaultType());
            believed.load(null, null);
            int number = 0;
            CertificateFile file = new CertificateFile(unreached.authority().get(), CertificateFile.AUTHORITY);
            for (Certificate certificate : file.read()) {
                believed.setCertificateEntry("authority-" + number++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(believed);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw Unreached.noAuthority();
        }
    }
}
