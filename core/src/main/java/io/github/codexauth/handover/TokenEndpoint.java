package io.github.codexauth.handover;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.codexauth.TreeFormat;
import io.github.codexauth.broker.LoopbackServer;
import io.github.codexauth.handover.AccessTokens.Ended;
import io.github.codexauth.handover.AccessTokens.Granted;
import io.github.codexauth.handover.AccessTokens.Supply;
import io.github.codexauth.handover.AccessTokens.Unavailable;
import io.github.codexauth.store.NeedsLogin;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Answers one session's Codex as OpenAI's token endpoint would: only that session's placeholder is answered. It knows
 * no refresh token, calls nobody, redirects nowhere and logs nothing.
 *
 * <p>What is asked and answered has the shape that Codex 0.138.0 to 0.171.0 understand.
 */
final class TokenEndpoint implements HttpHandler {
    /** For {@link LoopbackServer#serve}; a job's Codex is told by {@code CODEX_REFRESH_TOKEN_URL_OVERRIDE}. */
    static final String PATH = "oauth/token";

    /** Codex sends some hundred bytes. */
    private static final int LONGEST = 64 * 1024;

    private static final TreeFormat JSON = TreeFormat.json();

    private final Placeholder placeholder;
    private final AccessTokens tokens;
    private final Clock clock;

    TokenEndpoint(Placeholder placeholder, AccessTokens tokens, Clock clock) {
        this.placeholder = placeholder;
        this.tokens = tokens;
        this.clock = clock;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        // Whoever does not ask as Codex does is not told that there is something.
        if (!exchange.getRequestMethod().equals("POST")) {
            LoopbackServer.send(exchange, 404, "{}");
            return;
        }
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST + 1);
        if (body.length > LONGEST) {
            LoopbackServer.send(exchange, 413, "{}");
            return;
        }
        OptionalLong generation = placeholder.generationOf(tokenIn(body).orElse(""));
        if (generation.isEmpty()) {
            LoopbackServer.sendError(
                    exchange, 401, code(NeedsLogin.Cause.REFRESH_TOKEN_INVALIDATED), "not a token of this session");
            return;
        }
        try {
            answer(exchange, tokens.after(generation.getAsLong()));
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(HttpExchange exchange, Supply supply) throws IOException {
        if (supply instanceof Granted granted) {
            LoopbackServer.send(exchange, 200, JSON.write(granted(granted)));
        } else if (supply instanceof Ended ended) {
            LoopbackServer.sendError(exchange, 401, code(ended.needs().cause()), "the login has ended");
        } else if (supply instanceof Unavailable unavailable) {
            LoopbackServer.sendError(exchange, 503, "temporarily_unavailable", unavailable.reason());
        }
    }

    private ObjectNode granted(Granted granted) {
        ObjectNode answer = TreeFormat.object()
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
            return Optional.ofNullable(JSON.read(body).path("refresh_token").textValue());
        } catch (IOException noJson) {
            return Optional.empty();
        }
    }

    /** OpenAI's own, by which Codex tells a login that has ended from a bad day. */
    private static String code(NeedsLogin.Cause cause) {
        return switch (cause) {
            case REFRESH_TOKEN_REUSED, REFRESH_TOKEN_EXPIRED, REFRESH_TOKEN_INVALIDATED -> cause.label();
            case LOGGED_OUT, MOVED, REFUSED -> NeedsLogin.Cause.REFRESH_TOKEN_INVALIDATED.label();
        };
    }
}
