package io.github.codexauth.runner.benchmark;

import com.sun.net.httpserver.HttpServer;
import io.github.codexauth.SecretText;
import io.github.codexauth.broker.Bearers;
import io.github.codexauth.broker.Broker;
import io.github.codexauth.broker.Outward;
import io.github.codexauth.broker.Upstream;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** What a broker adds to a stream of events: time to each event, and throughput, beside the same without it. */
final class BrokerStream {
    private static final int EVENTS = 1_000;
    private static final int MEGABYTES = 50;
    private static final String EVENT =
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\","
                    + "\"item_id\":\"msg_0123456789abcdef0123456789abcdef\",\"output_index\":0,\"content_index\":0,"
                    + "\"sequence_number\":12345,\"delta\":\" word\"}\n\n";
    private static final int ROUNDS = 5;
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private BrokerStream() {}

    public static void main(String[] args) throws Exception {
        // For the server of the measurement, too.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/v1/responses", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, 0);
            OutputStream events = exchange.getResponseBody();
            if ("slow".equals(exchange.getRequestURI().getQuery())) {
                for (int i = 0; i < EVENTS; i++) {
                    pause();
                    events.write(("data: " + System.nanoTime() + "\n\n").getBytes(StandardCharsets.UTF_8));
                    events.flush();
                }
            } else {
                byte[] chunk = EVENT.repeat(
                                Integer.parseInt(exchange.getRequestURI().getQuery()))
                        .getBytes(StandardCharsets.UTF_8);
                for (long sent = 0; sent < MEGABYTES * 1024L * 1024; sent += chunk.length) {
                    events.write(chunk);
                    events.flush();
                }
            }
            exchange.close();
        });
        server.start();
        URI direct = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
        Upstream nobody = Upstream.account(URI.create("http://127.0.0.1:9"), "nobody");
        Broker.Opened broker = Broker.open(
                SecretText.of("placeholder"),
                Bearers.only(SecretText.of("real")),
                new Outward(CLIENT, Map.of()),
                new Broker.Upstreams(Map.of("it", Upstream.models(direct, "it")), nobody, Optional.empty()));
        URI through = broker.addresses().models().get("it");

        delays(direct);
        delays(through);
        delays(direct).print("An event of a stream, direct");
        System.out.println();
        delays(through).print("An event of a stream, through the broker");
        System.out.printf(Locale.ROOT, "%n## Throughput of a stream of events, %d MB, %d times%n%n", MEGABYTES, ROUNDS);
        // One at a time, as a model's words come; and many, as no model speaks.
        for (int eventsAtOnce : new int[] {1, 16}) {
            long[] nanos = new long[2];
            for (int i = 0; i < ROUNDS; i++) {
                nanos[0] += throughput(direct, eventsAtOnce);
                nanos[1] += throughput(through, eventsAtOnce);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%d in a write: direct %.0f MB/s, through the broker %.0f MB/s, ratio %.2f%n",
                    eventsAtOnce,
                    ROUNDS * MEGABYTES / (nanos[0] / 1e9),
                    ROUNDS * MEGABYTES / (nanos[1] / 1e9),
                    (double) nanos[0] / nanos[1]);
        }
        broker.broker().close();
        System.exit(0);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(2);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Timings delays(URI base) throws Exception {
        Timings timings = new Timings(EVENTS);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(ask(base, "slow"), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data: ")) {
                    timings.add(System.nanoTime() - Long.parseLong(line.substring(6)));
                }
            }
        }
        return timings;
    }

    private static long throughput(URI base, int eventsAtOnce) throws Exception {
        long began = System.nanoTime();
        try (InputStream events = ask(base, Integer.toString(eventsAtOnce))) {
            events.transferTo(OutputStream.nullOutputStream());
        }
        return System.nanoTime() - began;
    }

    private static InputStream ask(URI base, String speed) throws Exception {
        return CLIENT.send(
                        HttpRequest.newBuilder(URI.create(base + "/responses?" + speed))
                                .header("Authorization", "Bearer placeholder")
                                .POST(BodyPublishers.ofString("{}"))
                                .build(),
                        BodyHandlers.ofInputStream())
                .body();
    }
}
