package io.github.codexauth.stores.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.codexauth.testing.OwnAuthority;
import io.github.codexauth.testing.RealKubernetes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A way to the real API server that answers some calls itself, before or after they arrive: as gateways do, and a
 * server under load.
 */
final class FaultyServer implements AutoCloseable {
    /** A call, and the token it had. */
    record Call(String method, String path, String authorization) {}

    /**
     * An answer of our own.
     *
     * @param arrives whether the call gets to the server all the same
     */
    record Fault(int status, Map<String, String> headers, String body, boolean arrives) {
        static Fault before(int status) {
            return new Fault(status, Map.of(), "{\"kind\":\"Status\",\"message\":\"quotes-a-secret\"}", false);
        }

        static Fault after(int status) {
            return new Fault(status, Map.of(), "{\"kind\":\"Status\",\"message\":\"quotes-a-secret\"}", true);
        }
    }

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final AtomicInteger left = new AtomicInteger();
    private final HttpsServer server;
    private final OwnAuthority authority;
    private final HttpClient client;
    private final int port;
    private volatile Predicate<Call> which = call -> false;
    private volatile Fault fault = Fault.before(500);

    FaultyServer(RealKubernetes cluster, Path folder) throws Exception {
        authority = OwnAuthority.in(folder);
        port = cluster.port();
        java.security.KeyStore believed = java.security.KeyStore.getInstance("PKCS12");
        believed.load(null, null);
        int number = 0;
        try (var in = java.nio.file.Files.newInputStream(cluster.authority())) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                believed.setCertificateEntry("authority-" + number++, certificate);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(believed);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        client = HttpClient.newBuilder().sslContext(context).build();
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(authority.serverContext()));
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::handle);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    Path authority() {
        return authority.bundle();
    }

    /** So many of the calls that are meant, from now on. */
    void fail(int times, Predicate<Call> meant, Fault how) {
        fault = how;
        which = meant;
        left.set(times);
        calls.clear();
    }

    /** Since then. */
    List<Call> calls() {
        return calls;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Call call = new Call(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders().getFirst("Authorization"));
            calls.add(call);
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean fails = which.test(call) && left.getAndDecrement() > 0;
            Fault ours = fault;
            if (fails && !ours.arrives()) {
                answer(exchange, ours);
                return;
            }
            HttpResponse<byte[]> real = client.send(
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + call.path()))
                            .header("Authorization", call.authorization())
                            .header("Content-Type", "application/json")
                            .method(call.method(), BodyPublishers.ofByteArray(body))
                            .build(),
                    BodyHandlers.ofByteArray());
            if (fails) {
                answer(exchange, ours);
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders()
                    .set("Date", real.headers().firstValue("date").orElse(""));
            exchange.sendResponseHeaders(real.statusCode(), real.body().length == 0 ? -1 : real.body().length);
            exchange.getResponseBody().write(real.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, Fault fault) throws IOException {
        fault.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        byte[] body = fault.body().getBytes();
        exchange.sendResponseHeaders(fault.status(), body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
