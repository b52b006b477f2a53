package io.github.codexauth.standin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands in for the service that GitHub's runner names to a job with {@code id-token: write}. Safe for threads. */
public final class IdentityService implements AutoCloseable {
    private final HttpServer server;
    private final Duration life;
    private final List<String> issued = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger answersLeft = new AtomicInteger(Integer.MAX_VALUE);

    /** @param life of each token, in whole seconds */
    public IdentityService(Duration life) {
        this.life = life;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/token", this::answer);
        server.start();
    }

    /** What stands in a job's {@code ACTIONS_ID_TOKEN_REQUEST_URL}. */
    public String requestUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/token?api-version=2";
    }

    /** From then on there is no token to be had. */
    public void answerOnly(int times) {
        answersLeft.set(times);
    }

    /** The tokens so far, oldest first. */
    public List<String> issued() {
        return List.copyOf(issued);
    }

    /** Query and authorization of each request so far. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI().getRawQuery() + " "
                + exchange.getRequestHeaders().getFirst("Authorization"));
        boolean given = answersLeft.getAndDecrement() > 0;
        String token = Tokens.issue("service", "", Instant.now(), life).accessToken();
        byte[] body = (given ? "{\"count\":1,\"value\":\"" + token + "\"}" : "{}").getBytes(StandardCharsets.UTF_8);
        if (given) {
            issued.add(token);
        }
        exchange.sendResponseHeaders(given ? 200 : 503, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
