package io.github.codexauth.broker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.codexauth.SecretText;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The way of requests to one server, and of its answers back. Safe for use by several threads. */
final class Passage implements HttpHandler {
    private static final String AUTHORIZATION = "authorization";
    private static final String ROUTING_OVERRIDE = "x-openai-account-routing-override";
    private static final String ACCOUNT = "chatgpt-account-id";
    private static final Set<String> OF_A_BODY = Set.of("content-type", "content-encoding");
    private static final int CHUNK = 64 * 1024;

    private final Session session;
    private final Upstream upstream;
    private final Optional<WorkspaceRouting> routing;
    private final byte[] expected;

    /** @param routing for model calls that a workspace may want elsewhere */
    Passage(Session session, Upstream upstream, Optional<WorkspaceRouting> routing) {
        this.session = session;
        this.upstream = upstream;
        this.routing = routing;
        this.expected = bearer(session.placeholder()).getBytes(StandardCharsets.UTF_8);
    }

    /** A request that may be passed on; one that came without any credential goes on without any. */
    private record Question(
            String method, String path, Map<String, List<String>> headers, boolean withCredential, byte[] body) {}

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String path = below(exchange);
        String method = exchange.getRequestMethod();
        List<String> credentials = Headers.values(exchange.getRequestHeaders(), AUTHORIZATION);
        boolean withCredential = credentials.stream().anyMatch(credential -> !credential.isBlank());
        OptionalLong length = length(exchange);
        if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
            // After this Codex goes on over plain requests.
            LoopbackServer.sendError(exchange, 426, "upgrade_required", "codex-auth passes no WebSockets on");
        } else if (!upstream.allows(method, path)) {
            LoopbackServer.sendError(
                    exchange, 403, "not_passed_on", "codex-auth does not pass this on: " + method + " " + path);
        } else if (withCredential && !areOurs(credentials)) {
            LoopbackServer.sendError(
                    exchange, 401, "invalid_api_key", "this is not the placeholder of this session of codex-auth");
        } else if (length.isEmpty() || length.getAsLong() < 0 || length.getAsLong() > RequestBodies.LONGEST) {
            LoopbackServer.sendError(
                    exchange, 413, "request_too_large", "codex-auth passes on up to 32 MiB, of a length said before");
        } else {
            try (RequestBodies.Body body =
                    session.bodies().read(exchange.getRequestBody(), Math.toIntExact(length.getAsLong()))) {
                pass(
                        new Question(
                                method,
                                path + query(exchange),
                                exchange.getRequestHeaders(),
                                withCredential,
                                body.bytes()),
                        exchange);
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void pass(Question question, HttpExchange exchange) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer;
        try {
            answer = ask(question);
        } catch (IOException unreachable) {
            LoopbackServer.sendError(
                    exchange,
                    502,
                    "unreachable",
                    "codex-auth cannot reach " + upstream.base().getHost() + " ("
                            + unreachable.getClass().getSimpleName() + ")");
            return;
        }
        try (InputStream body = answer.body()) {
            Headers.passOn(
                    answer.headers().map(),
                    Set.of(),
                    (name, value) -> exchange.getResponseHeaders().add(name, value));
            OptionalLong length = answer.headers().firstValueAsLong("content-length");
            boolean none = length.isPresent() && length.getAsLong() == 0 || answer.statusCode() == 204;
            // 0 stands for a length that is not known, -1 for no content.
            exchange.sendResponseHeaders(answer.statusCode(), none ? -1 : length.orElse(0));
            if (!none) {
                copy(body, exchange.getResponseBody());
            }
        }
    }

    private HttpResponse<InputStream> ask(Question question) throws IOException, InterruptedException {
        Bearer bearer = session.bearers().current();
        HttpResponse<InputStream> answer = send(question, bearer);
        if (answer.statusCode() != 401 || !question.withCredential()) {
            return answer;
        }
        Optional<Bearer> next = session.bearers().after(bearer);
        if (next.isEmpty()) {
            return answer;
        }
        answer.body().close();
        return send(question, next.get());
    }

    private HttpResponse<InputStream> send(Question question, Bearer bearer) throws IOException, InterruptedException {
        URI address = URI.create(upstream.base() + "/" + question.path());
        HttpRequest.Builder request = request(question, bearer, Set.of());
        if (routing.isPresent() && question.withCredential()) {
            List<String> account = Headers.values(question.headers(), ACCOUNT);
            if (!account.isEmpty()) {
                WorkspaceRouting.Route route =
                        routing.get().of(account.get(0), () -> request(question, bearer, OF_A_BODY));
                address = route.apply(address);
                route.override().ifPresent(override -> request.setHeader(ROUTING_OVERRIDE, override));
            }
        }
        return session.outward()
                .client()
                .send(
                        request.uri(address)
                                .method(
                                        question.method(),
                                        question.body().length == 0
                                                ? BodyPublishers.noBody()
                                                : BodyPublishers.ofByteArray(question.body()))
                                .build(),
                        BodyHandlers.ofInputStream());
    }

    private HttpRequest.Builder request(Question question, Bearer bearer, Set<String> without) {
        Set<String> except = new HashSet<>(without);
        except.add(AUTHORIZATION);
        except.add(ROUTING_OVERRIDE);
        HttpRequest.Builder request = HttpRequest.newBuilder();
        Headers.passOn(question.headers(), except, request::header);
        session.outward().proxyHeaders().forEach(request::setHeader);
        if (question.withCredential()) {
            request.header(AUTHORIZATION, bearer(bearer.token()));
        }
        return request;
    }

    /** As it comes: what is there is sent on, all at once, before more is waited for. */
    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] chunk = new byte[CHUNK];
        int held = 0;
        for (int read = from.read(chunk); read >= 0; read = from.read(chunk, held, CHUNK - held)) {
            held += read;
            if (held == CHUNK || from.available() == 0) {
                to.write(chunk, 0, held);
                to.flush();
                held = 0;
            }
        }
        to.write(chunk, 0, held);
    }

    private boolean areOurs(List<String> credentials) {
        return credentials.size() == 1
                && MessageDigest.isEqual(expected, credentials.get(0).getBytes(StandardCharsets.UTF_8));
    }

    private static String bearer(SecretText token) {
        return "Bearer " + token.reveal();
    }

    private static String below(HttpExchange exchange) {
        String asked = exchange.getRequestURI().getRawPath();
        return asked.substring(exchange.getHttpContext().getPath().length());
    }

    private static String query(HttpExchange exchange) {
        String query = exchange.getRequestURI().getRawQuery();
        return query == null ? "" : "?" + query;
    }

    /** Empty if it is not known before the end. */
    private static OptionalLong length(HttpExchange exchange) {
        if (exchange.getRequestHeaders().containsKey("Transfer-encoding")) {
            return OptionalLong.empty();
        }
        String length = exchange.getRequestHeaders().getFirst("Content-length");
        try {
            return OptionalLong.of(length == null ? 0 : Long.parseLong(length));
        } catch (NumberFormatException noNumber) {
            return OptionalLong.empty();
        }
    }
}
