package io.github.codexauth.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.codexauth.testing.JavaProcess;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** An answer far larger than what a broker may keep of it; {@code -Dcodexauth.megabytes=1024} for the whole one. */
class LargeAnswerTest {
    private static final int MEGABYTES = Integer.getInteger("codexauth.megabytes", 256);
    private static final int MIB = 1024 * 1024;

    @Test
    void anAnswerIsNotKept() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, 0);
            byte[] events = "data: {\"type\":\"response.output_text.delta\",\"delta\":\"word\"}\n\n"
                    .repeat(MIB / 58)
                    .getBytes(StandardCharsets.UTF_8);
            int megabytes = Integer.parseInt(exchange.getRequestURI().getQuery());
            for (int i = 0; i < megabytes; i++) {
                exchange.getResponseBody().write(events);
            }
            exchange.close();
        });
        server.start();
        try (JavaProcess broker = JavaProcess.start(
                BrokeringProcess.class,
                "http://127.0.0.1:" + server.getAddress().getPort())) {
            Awaitility.await().until(() -> !broker.lines().isEmpty());
            String address = broker.lines().get(0) + "/responses?";
            read(address, 1);
            long before = peakMemory(broker);

            read(address, MEGABYTES);

            assertThat(peakMemory(broker) - before).isLessThan(64L * MIB);
        } finally {
            server.stop(0);
        }
    }

    private static void read(String address, int megabytes) throws Exception {
        HttpResponse<InputStream> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address + megabytes))
                                .header("Authorization", "Bearer placeholder")
                                .POST(BodyPublishers.ofString("{}"))
                                .build(),
                        BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        try (InputStream body = answer.body()) {
            assertThat(body.transferTo(OutputStream.nullOutputStream())).isGreaterThan(megabytes * (MIB - 100L));
        }
    }

    /** The most that the process ever had in memory, in bytes. */
    private static long peakMemory(JavaProcess process) throws Exception {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }
}
