package io.github.codexauth.handover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.handover.AccessTokens.Ended;
import io.github.codexauth.handover.AccessTokens.Granted;
import io.github.codexauth.handover.AccessTokens.Supply;
import io.github.codexauth.handover.AccessTokens.Unavailable;
import io.github.codexauth.store.NeedsLogin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Answers one session's Codex as OpenAI's token endpoint would, on the loopback interface: the address is random, and
 * only that session's placeholder is answered. It knows no refresh token, calls nobody, redirects nowhere and logs
 * nothing.
 *
 * <p>What is asked and answered has the shape that Codex 0.138.0 to 0.171.0 understand.
 */
final class TokenEndpoint implements AutoCloseable {
    /** Codex sends some hundred bytes. */
    private static final int LONGEST = 64 * 1024;

    private static final int LONGEST_QUEUE = 64;

    /** Many more than a job has Codex processes; whoever comes when they are all busy is turned away. */
    private static final int MOST_AT_ONCE = 64;

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final ExecutorService threads;
    private final String path;
    private final Placeholder placeholder;
    private final AccessTokens tokens;
    private final Clock clock;

    private TokenEndpoint(
            HttpServer server, ExecutorService threads, Placeholder placeholder, AccessTokens tokens, Clock clock) {
        this.server = server;
        this.threads = threads;
        this.path = "/" + PrivateFiles.randomHex(16) + "/oauth/token";
        this.placeholder = placeholder;
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * Opens it on a port that is free.
     *
     * @throws IOException if the machine has no loopback interface, or no free port
     */
    static TokenEndpoint open(Placeholder placeholder, AccessTokens tokens, Clock clock) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), LONGEST_QUEUE);
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                0, MOST_AT_ONCE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), TokenEndpoint::daemon);
        TokenEndpoint endpoint = new TokenEndpoint(server, threads, placeholder, tokens, clock);
        server.setExecutor(threads);
        server.createContext("/", endpoint::handle);
        server.start();
        return endpoint;
    }

    /** For Codex's {@code CODEX_REFRESH_TOKEN_URL_OVERRIDE}. */
    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    /** Turns everybody away from now on, and waits neither for those who ask nor for those who answer. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "token endpoint");
        thread.setDaemon(true);
        return thread;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            // Whoever does not know the path is not told that there is one.
            if (!exchange.getRequestURI().getRawPath().equals(path)
                    || !exchange.getRequestMethod().equals("POST")) {
                send(exchange, 404, JSON.createObjectNode());
                return;
            }
            byte[] body = exchange.getRequestBody().readNBytes(LONGEST + 1);
            if (body.length > LONGEST) {
                send(exchange, 413, JSON.createObjectNode());
                return;
            }
            OptionalLong generation = placeholder.generationOf(tokenIn(body).orElse(""));
            if (generation.isEmpty()) {
                send(exchange, 401, error(NeedsLogin.Cause.REFRESH_TOKEN_INVALIDATED, "not a token of this session"));
                return;
            }
            answer(exchange, tokens.after(generation.getAsLong()));
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(HttpExchange exchange, Supply supply) throws IOException {
        if (supply instanceof Granted granted) {
            send(exchange, 200, granted(granted));
        } else if (supply instanceof Ended ended) {
            send(exchange, 401, error(ended.needs().cause(), "the login has ended"));
        } else if (supply instanceof Unavailable unavailable) {
            send(exchange, 503, message("temporarily_unavailable", unavailable.reason()));
        }
    }

    private ObjectNode granted(Granted granted) {
        ObjectNode answer = JSON.createObjectNode()
                .put("id_token", granted.login().idToken().reveal())
                .put("access_token", granted.login().accessToken().reveal())
                .put("refresh_token", placeholder.at(granted.generation()).reveal())
                .put("token_type", "Bearer");
        granted.login()
                .expiresAt()
                .ifPresent(end -> answer.put(
                        "expires_in",
                        Math.max(0, Duration.between(clock.instant(), end).toSeconds())));
        return answer;
    }

    private static Optional<String> tokenIn(byte[] body) {
        try {
            return Optional.ofNullable(JSON.readTree(body))
                    .map(asked -> asked.path("refresh_token").textValue());
        } catch (IOException noJson) {
            return Optional.empty();
        }
    }

    /** In OpenAI's own codes, by which Codex tells a login that has ended from a bad day. */
    private static JsonNode error(NeedsLogin.Cause cause, String text) {
        return switch (cause) {
            case REFRESH_TOKEN_REUSED, REFRESH_TOKEN_EXPIRED, REFRESH_TOKEN_INVALIDATED -> message(cause.label(), text);
            case LOGGED_OUT, REFUSED -> message(NeedsLogin.Cause.REFRESH_TOKEN_INVALIDATED.label(), text);
        };
    }

    private static JsonNode message(String code, String text) {
        ObjectNode answer = JSON.createObjectNode();
        answer.putObject("error")
                .put("message", text)
                .put("type", "invalid_request_error")
                .put("code", code);
        return answer;
    }

    private static void send(HttpExchange exchange, int status, JsonNode answer) throws IOException {
        byte[] body = answer.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
