package io.github.codexauth.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.codexauth.SecretText;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
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
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "POST, models",
        "GET, responses",
        "POST, responses/../files",
        "POST, responses/%2e%2e/files",
        "GET, files",
        "GET, organization/admin_api_keys",
        "DELETE, responses",
        "POST, chat/completions"
    })
    void whatACodexDoesNotNeedIsNotPassedOn(String method, String path) throws Exception {
        URI models = opened(Bearers.only(SecretText.of(REAL))).models().get("openai");

        HttpResponse<String> answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create(models + "/" + path))
                        .header("Authorization", "Bearer sk-placeholder")
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isIn(403, 404);
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Bearer sk-placeholde",
        "Bearer sk-placeholderr",
        "Basic sk-placeholder",
        "Bearer sk-real",
        "sk-placeholder"
    })
    void anythingButTheSessionsPlaceholderIsRefused(String authorization) throws Exception {
        URI models = opened(Bearers.only(SecretText.of(REAL))).models().get("openai");

        assertThat(ask(models, authorization).statusCode()).isEqualTo(401);
        assertThat(seen).isEmpty();
    }

    @Test
    void whoDoesNotKnowThePathFindsNothing() throws Exception {
        URI models = opened(Bearers.only(SecretText.of(REAL))).models().get("openai");

        HttpResponse<String> answer = ask(models.resolve("/models/0"), "Bearer sk-placeholder");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("{}");
        assertThat(seen).isEmpty();
    }

    @Test
    void aRequestWithoutACredentialGoesOnWithoutOne() throws Exception {
        Broker.Addresses addresses = opened(Bearers.only(SecretText.of(REAL)));

        CLIENT.send(
                HttpRequest.newBuilder(URI.create(addresses.account() + "/ps/mcp"))
                        .POST(BodyPublishers.ofString("{}"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(seen).extracting(Seen::path).containsExactly("/backend-api/ps/mcp");
        assertThat(seen.get(0).header("authorization")).isEmpty();
    }

    @Test
    void aRefusedCredentialIsReplacedOnceAndTheRequestSentAgain() throws Exception {
        URI models = opened(twoStates()).models().get("openai");
        answers.add(json(401, "{\"error\":{}}"));

        HttpResponse<String> answer = ask(models, "Bearer sk-placeholder");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(seen)
                .extracting(each -> each.header("authorization"))
                .containsExactly("Bearer first", "Bearer second");
        assertThat(seen).extracting(Seen::body).containsExactly("{}", "{}");
    }

    @Test
    void aSecondRefusalIsTheJobsToSee() throws Exception {
        URI models = opened(twoStates()).models().get("openai");
        answers.add(json(401, "{\"error\":1}"));
        answers.add(json(401, "{\"error\":2}"));

        HttpResponse<String> answer = ask(models, "Bearer sk-placeholder");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).isEqualTo("{\"error\":2}");
        assertThat(seen).hasSize(2);
    }

    /** Java's own client takes such an answer for a broken one as soon as it has an authenticator. */
    @Test
    void aRefusalThatDoesNotSayHowToDoBetterIsPassedOn() throws Exception {
        URI models = opened(Bearers.only(SecretText.of(REAL))).models().get("openai");
        answers.add(json(401, "{\"error\":1}"));

        assertThat(ask(models, "Bearer sk-placeholder").statusCode()).isEqualTo(401);
    }

    @Test
    void anAnswerIsPassedOnAsItComes() throws Exception {
        URI models = opened(Bearers.only(SecretText.of(REAL))).models().get("openai");
        CountDownLatch firstIsHere = new CountDownLatch(1);
        answers.add(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.getResponseHeaders().set("x-request-id", "r-1");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("data: 1\n\n".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            firstIsHere.await();
            exchange.getResponseBody().write("data: 2\n\n".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });

        HttpResponse<InputStream> answer =
                CLIENT.send(request(models, "Bearer sk-placeholder"), BodyHandlers.ofInputStream());

        assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream");
        assertThat(answer.headers().firstValue("x-request-id")).contains("r-1");
        try (InputStream body = answer.body()) {
            assertThat(new String(body.readNBytes(9), StandardCharsets.UTF_8)).isEqualTo("data: 1\n\n");
            firstIsHere.countDown();
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("data: 2\n\n");
        }
    }

    @Test
    void anAnswerThatBreaksOffBreaksOffHereToo() throws Exception {
        URI models = opened(Bearers.only(SecretText.of(REAL))).models().get("openai");
        answers.add(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("data: 1\n\n".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            throw new IOException("gone");
        });

        HttpResponse<InputStream> answer =
                CLIENT.send(request(models, "Bearer sk-placeholder"), BodyHandlers.ofInputStream());

        try (InputStream body = answer.body()) {
            assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    /** Of which each part is larger than what is kept of all of it. */
    @Test
    void aClientThatLeavesEndsTheAnswer() throws Exception {
        URI models = opened(Bearers.only(SecretText.of(REAL))).models().get("openai");
        CountDownLatch ended = new CountDownLatch(1);
        answers.add(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                while (true) {
                    exchange.getResponseBody().write(new byte[64 * 1024]);
                }
            } catch (IOException left) {
                ended.countDown();
                throw left;
            }
        });

        HttpResponse<InputStream> answer =
                CLIENT.send(request(models, "Bearer sk-placeholder"), BodyHandlers.ofInputStream());
        answer.body().close();

        ended.await();
    }

    @Test
    void aRedirectIsTheJobsToSeeAndNobodysToFollow() throws Exception {
        URI models = opened(Bearers.only(SecretText.of(REAL))).models().get("openai");
        answers.add(exchange -> {
            exchange.getResponseHeaders().set("Location", "https://elsewhere.example/");
            exchange.sendResponseHeaders(307, -1);
            exchange.close();
        });

        assertThat(ask(models, "Bearer sk-placeholder").statusCode()).isEqualTo(307);
        assertThat(seen).hasSize(1);
    }

    @Test
    void aServerThatIsNotThereIsABadGateway() throws Exception {
        URI models = opened(Bearers.only(SecretText.of(REAL))).models().get("openai");
        server.stop(0);

        HttpResponse<String> answer = ask(models, "Bearer sk-placeholder");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("codex-auth cannot reach 127.0.0.1").doesNotContain(REAL);
    }

    @Test
    void nothingIsPassedOnWhenItIsClosed() throws Exception {
        URI models = opened(Bearers.only(SecretText.of(REAL))).models().get("openai");
        open.get(0).close();

        assertThatThrownBy(() -> ask(models, "Bearer sk-placeholder")).isInstanceOf(IOException.class);
    }

    /** Written by hand, since Java's client refuses to send it. */
    @Test
    void aWebSocketIsRefusedAsCodexExpectsIt() throws Exception {
        URI models = opened(Bearers.only(SecretText.of(REAL))).models().get("openai");

        try (Socket socket = new Socket(models.getHost(), models.getPort())) {
            socket.getOutputStream()
                    .write(("GET " + models.getPath()
                                    + "/responses HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
                                    + "Upgrade: websocket\r\nAuthorization: Bearer sk-placeholder\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));

            assertThat(answer.readLine()).startsWith("HTTP/1.1 426 ");
        }
        assertThat(seen).isEmpty();
    }

    @Test
    void whatIsTooLongOrOfUnknownLengthIsRefused() throws Exception {
        URI models = opened(Bearers.only(SecretText.of(REAL))).models().get("openai");

        HttpResponse<String> answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create(models + "/responses"))
                        .header("Authorization", "Bearer sk-placeholder")
                        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[10])))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://proxy.example/v1",
        "ftp://api.openai.com/v1",
        "https://user@api.openai.com/v1",
        "v1",
        "http://localhost/v1"
    })
    void aServerThatOthersCouldReadAlongWithIsRefused(String base) {
        assertThatThrownBy(() -> Upstream.models(URI.create(base), "model_providers.x.base_url"))
                .isInstanceOf(UnsafeUpstreamException.class)
                .hasMessageContaining("model_providers.x.base_url");
    }

    private static Bearers twoStates() {
        return new Bearers() {
            @Override
            public Bearer current() {
                return new Bearer(SecretText.of("first"), 1);
            }

            @Override
            public Optional<Bearer> after(Bearer refused) {
                return Optional.of(new Bearer(SecretText.of("second"), refused.generation() + 1));
            }
        };
    }

    private static HttpRequest request(URI models, String authorization) {
        return HttpRequest.newBuilder(URI.create(models + "/responses"))
                .header("Authorization", authorization)
                .POST(BodyPublishers.ofString("{}"))
                .build();
    }

    private static HttpResponse<String> ask(URI models, String authorization) throws Exception {
        return CLIENT.send(request(models, authorization), BodyHandlers.ofString());
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
                        Optional.empty()));
        open.add(opened.broker());
        return opened.addresses();
    }
}
