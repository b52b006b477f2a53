package io.github.codexauth.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.codexauth.SecretText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes through a broker, over real HTTP on both sides. */
class BrokerTest {
    private static final SecretText PLACEHOLDER = SecretText.of("sk-placeholder");
    private static final String REAL = "sk-real";
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private HttpServer server;

    /** What the server got. */
    private record Seen(String method, String path, Map<String, List<String>> headers, String body) {
        String header(String name) {
            return String.join("|", Headers.values(headers, name));
        }
    }

    /** What the server does. */
    @FunctionalInterface
    private interface Answer {
        void to(HttpExchange exchange) throws Exception;
    }

    @BeforeEach
    void aServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            seen.add(new Seen(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            Answer answer = answers.poll();
            try {
                (answer == null ? json(200, "{}") : answer).to(exchange);
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        server.start();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        server.stop(0);
    }

    @Test
    void aRequestGetsTheCredentialAndKeepsTheRest() throws Exception {
        URI models = opened(Bearers.only(SecretText.of(REAL))).models().get("openai");

        HttpResponse<String> answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create(models + "/responses?a=b%20c"))
                        .header("Authorization", "Bearer sk-placeholder")
                        .header("session_id", "s-1")
                        .header("Content-Encoding", "zstd")
                        .POST(BodyPublishers.ofString("{\"model\":\"gpt-5\"}"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(seen).hasSize(1);
        assertThat(seen.get(0).path()).isEqualTo("/v1/responses?a=b%20c");
        assertThat(seen.get(0).body()).isEqualTo("{\"model\":\"gpt-5\"}");
        assertThat(seen.get(0).header("authorization")).isEqualTo("Bearer " + REAL);
        assertThat(seen.get(0).header("session_id")).isEqualTo("s-1");
        assertThat(seen.get(0).header("content-encoding")).isEqualTo("zstd");
        assertThat(seen.get(0).header("host"))
                .isEqualTo("127.0.0.1:" + server.getAddress().getPort());
    }

    private Answer json(int status, String body) {
        return exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        };
    }

    private Broker.Addresses opened(Bearers bearers) throws Exception {
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
        URI account = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/backend-api");
        Broker.Opened opened = Broker.open(
                PLACEHOLDER,
                bearers,
                new Outward(CLIENT, Map.of()),
                new Broker.Upstreams(
                        Map.of("openai", Upstream.models(base, "it")),
                        Upstream.account(account, "it"),
                        Upstream.tokenOwner(account, "it")));
        open.add(opened.broker());
        return opened.addresses();
    }
}
