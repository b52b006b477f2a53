package io.github.codexauth.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** OpenAI's servers as far as Codex 0.169.0 needs them, on 127.0.0.1. */
public final class StandIn implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final HttpServer tokenServer;
    private final List<HttpServer> moreServers = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "stand-in");
        thread.setDaemon(true);
        return thread;
    });
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, Login> loginByRefreshToken = new HashMap<>();
    private final Set<String> usedRefreshTokens = new LinkedHashSet<>();
    private final Set<String> acceptedKeys = new LinkedHashSet<>();
    private final Set<String> everythingIssued = new LinkedHashSet<>();
    private final Queue<RefreshAnswer> nextRefreshes = new ConcurrentLinkedQueue<>();
    private final Queue<String> commandsToOrder = new ConcurrentLinkedQueue<>();
    private final Map<Login, Instant> usageLimits = new HashMap<>();
    private final Queue<Login> signingIn = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> nextResponseStatus = new ConcurrentLinkedQueue<>();
    private final Queue<Gate> responseGates = new ConcurrentLinkedQueue<>();
    private final List<String> commandOutputs = new CopyOnWriteArrayList<>();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private Instant endedBefore = Instant.EPOCH;
    private volatile Duration lifetime = Duration.ofDays(10);
    private volatile Duration clockIsLate = Duration.ZERO;

    /** Something that happened here, in order. */
    public sealed interface Event {
        /** The tokens were rotated; the client may not have heard of it yet. */
        record Rotated(Login login, Tokens to, Instant at) implements Event {}

        /** The answer to a refresh has been handed to the kernel. */
        record Answered(Tokens tokens, Instant at) implements Event {}

        /** A used refresh token came again, and its login is dead now. */
        record Reused(Login login) implements Event {}

        /** Somebody logged out: the login is dead now. */
        record Revoked(Login login) implements Event {}

        /** A refresh was refused or left without an answer. */
        record NotGranted(RefreshAnswer answer) implements Event {}

        /** Somebody called the server for logins; the caller is empty if it is not to be seen from here. */
        record LoginCall(String path, String userAgent, Optional<Caller> caller) implements Event {}

        /** A Codex that waits for a person to enter its code asked in vain. */
        record AwaitedPerson() implements Event {}

        /** A model call; the credential is the one that was sent, empty if none was. */
        record ModelCall(String credential, int status) implements Event {}

        /** Anything else. */
        record Other(String method, String path) implements Event {}
    }

    private StandIn(HttpServer server, HttpServer tokenServer) {
        this.server = server;
        this.tokenServer = tokenServer;
    }

    public static StandIn start() {
        try {
            InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            StandIn standIn = new StandIn(HttpServer.create(anyPort, 0), HttpServer.create(anyPort, 0));
            standIn.serve(standIn.server);
            standIn.serve(standIn.tokenServer);
            return standIn;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(HttpServer each) {
        each.createContext("/", this::handle);
        each.setExecutor(threads);
        each.start();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        tokenServer.stop(0);
        moreServers.forEach(more -> more.stop(0));
        threads.shutdownNow();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /**
     * Listens at another address of this machine, too, for containers that do not share its loopback interface.
     * Answers what {@link #url} is there.
     */
    public String urlAt(InetAddress address) throws IOException {
        HttpServer more = HttpServer.create(new InetSocketAddress(address, 0), 0);
        serve(more);
        moreServers.add(more);
        return "http://" + address.getHostAddress() + ":" + more.getAddress().getPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** Where logins are refreshed: at OpenAI, too, another server than the one that answers model calls. */
    public String tokenUrl() {
        return "http://127.0.0.1:" + tokenServer.getAddress().getPort() + "/oauth/token";
    }

    /** The server at which people sign in, as {@code codex login --experimental_issuer} wants it. */
    public String issuer() {
        return "http://127.0.0.1:" + tokenServer.getAddress().getPort();
    }

    /** A person has entered the code of a Codex that waits for it, and signs in with this login. */
    public void enterCode(Login login) {
        signingIn.add(login);
    }

    /** A new login whose access token lasts this long; negative for one that has ended. */
    public synchronized Login newLogin(Duration accessTokenLasts) {
        return newLogin("acc-" + UUID.randomUUID(), "user-" + UUID.randomUUID(), accessTokenLasts);
    }

    public synchronized Login newLogin(String accountId, String userId, Duration accessTokenLasts) {
        Login login = new Login(accountId, userId);
        Instant issuedAt = Instant.now().minus(Duration.ofDays(5));
        register(
                login,
                login.rotate(issuedAt, Duration.between(issuedAt, Instant.now().plus(accessTokenLasts))));
        return login;
    }

    /** Refreshes a login without any Codex, and answers the file that a Codex would have written. */
    public byte[] refreshUnseen(Login login) {
        if (rotate(login.current().refreshToken()).isEmpty()) {
            throw new AssertionError("the login is dead");
        }
        return login.authJson();
    }

    /** An API key that is accepted. */
    public synchronized String newApiKey() {
        return newKey("sk-proj-");
    }

    /** An access token of a workspace that is accepted. */
    public synchronized String newAccessToken() {
        return newKey("at-");
    }

    private String newKey(String prefix) {
        String key = prefix + UUID.randomUUID().toString().replace("-", "") + "Aa1";
        acceptedKeys.add(key);
        everythingIssued.add(key);
        return key;
    }

    /** How long access tokens last that a refresh gives out from now on. */
    public void accessTokensLast(Duration newLifetime) {
        lifetime = newLifetime;
    }

    /** How far the clock is behind by which tokens are issued from now on. */
    public void clockIsLate(Duration late) {
        clockIsLate = late;
    }

    /** Answers every model call with this login as OpenAI does when its account's usage limit is reached. */
    public synchronized void limitUsage(Login login, Instant until) {
        usageLimits.put(login, until);
    }

    /** What the token endpoint does next, before it grants again. */
    public void nextRefresh(RefreshAnswer answer) {
        nextRefreshes.add(answer);
    }

    /** Grants from now on, whatever was said about the next refreshes. */
    public void forgetNextRefreshes() {
        nextRefreshes.clear();
    }

    /** Answers the next model call with this status. */
    public void nextModelCall(int status) {
        nextResponseStatus.add(status);
    }

    /**
     * Ends all access tokens given out so far, whatever they say themselves. Codex 0.169.0 answers the first 401 by
     * reading its file again, and the second by a refresh.
     */
    public synchronized void endAccessTokens() {
        endedBefore = Instant.now();
    }

    /** Lets the next model call wait at a gate. */
    public void nextModelCall(Gate gate) {
        responseGates.add(gate);
    }

    /** Lets the model order a shell command in the next model call. */
    public void orderCommand(String command) {
        commandsToOrder.add(command);
    }

    /** What Codex sent back as the output of ordered commands. */
    public List<String> commandOutputs() {
        return List.copyOf(commandOutputs);
    }

    public List<Event> events() {
        return List.copyOf(events);
    }

    public <T extends Event> List<T> events(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    public int rotations() {
        return events(Event.Rotated.class).size();
    }

    /** Every access token, refresh token, id token and key that was ever given out. */
    public synchronized Set<String> everyTokenIssued() {
        return Set.copyOf(everythingIssued);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (exchange.getHttpContext().getServer() == tokenServer) {
                events.add(new Event.LoginCall(
                        path,
                        exchange.getRequestHeaders().getFirst("User-Agent"),
                        Caller.of(exchange.getRemoteAddress(), exchange.getLocalAddress())));
            }
            if (exchange.getRequestHeaders().containsKey("Upgrade")) {
                send(exchange, 426, "{}");
            } else if (path.endsWith("/deviceauth/usercode")) {
                send(exchange, 200, "{\"device_auth_id\":\"d1\",\"user_code\":\"ABCD-EFGH\",\"interval\":\"1\"}");
            } else if (path.endsWith("/deviceauth/token")) {
                askWhetherSignedIn(exchange);
            } else if (path.endsWith("/oauth/token") && isForm(exchange)) {
                signIn(exchange);
            } else if (path.endsWith("/oauth/token")) {
                refresh(exchange, JSON.readTree(body));
            } else if (path.endsWith("/oauth/revoke")) {
                revoke(JSON.readTree(body));
                send(exchange, 200, "{}");
            } else if (path.endsWith("/responses")) {
                respond(exchange, JSON.readTree(body));
            } else if (path.endsWith("/whoami")) {
                send(
                        exchange,
                        200,
                        "{\"email\":\"ci@example.com\",\"chatgpt_user_id\":\"u\",\"chatgpt_account_id\":\"a\","
                                + "\"chatgpt_plan_type\":\"enterprise\",\"chatgpt_account_is_fedramp\":false}");
            } else if (path.endsWith("/models")) {
                send(exchange, 200, "{\"models\":[]}");
            } else if (path.endsWith("/wham/config/bundle")) {
                send(exchange, 200, "{}");
            } else {
                events.add(new Event.Other(exchange.getRequestMethod(), path));
                send(exchange, 404, "{}");
            }
        }
    }

    private static boolean isForm(HttpExchange exchange) {
        return String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"))
                .startsWith("application/x-www-form-urlencoded");
    }

    private void askWhetherSignedIn(HttpExchange exchange) throws IOException {
        if (signingIn.isEmpty()) {
            events.add(new Event.AwaitedPerson());
            send(exchange, 403, "{}");
        } else {
            send(exchange, 200, "{\"authorization_code\":\"code\",\"code_challenge\":\"c\",\"code_verifier\":\"v\"}");
        }
    }

    private void signIn(HttpExchange exchange) throws IOException {
        Optional<Login> login = Optional.ofNullable(signingIn.poll());
        send(
                exchange,
                login.isPresent() ? 200 : 400,
                login.map(found -> answer(found.current())).orElse("{}"));
    }

    private static String answer(Tokens tokens) {
        return JSON.createObjectNode()
                .put("id_token", tokens.idToken())
                .put("access_token", tokens.accessToken())
                .put("refresh_token", tokens.refreshToken())
                .toString();
    }

    private void refresh(HttpExchange exchange, JsonNode request) throws IOException {
        RefreshAnswer answer = Optional.ofNullable(nextRefreshes.poll()).orElseGet(RefreshAnswer.Grant::new);
        if (answer instanceof RefreshAnswer.Fail fail) {
            events.add(new Event.NotGranted(answer));
            send(exchange, fail.status(), error(fail.code()));
            return;
        }
        if (answer instanceof RefreshAnswer.Hang) {
            events.add(new Event.NotGranted(answer));
            awaitClose();
            return;
        }
        if (answer instanceof RefreshAnswer.Drop drop && !drop.afterRotating()) {
            events.add(new Event.NotGranted(answer));
            return;
        }
        Optional<Tokens> tokens = rotate(request.path("refresh_token").asText());
        if (tokens.isEmpty()) {
            send(exchange, 401, error(isRevoked(request) ? "refresh_token_invalidated" : "refresh_token_reused"));
            return;
        }
        if (answer instanceof RefreshAnswer.Drop) {
            events.add(new Event.NotGranted(answer));
            return;
        }
        if (answer instanceof RefreshAnswer.Late late) {
            late.gate().pass();
        }
        send(exchange, 200, answer(tokens.get()));
        events.add(new Event.Answered(tokens.get(), Instant.now()));
    }

    private synchronized void revoke(JsonNode request) {
        String token = request.path("token").asText();
        loginByRefreshToken.values().stream()
                .filter(login -> login.states().stream()
                        .anyMatch(state -> token.equals(state.refreshToken()) || token.equals(state.accessToken())))
                .findFirst()
                .ifPresent(login -> {
                    login.kill();
                    events.add(new Event.Revoked(login));
                });
    }

    private synchronized boolean isRevoked(JsonNode request) {
        Login login = loginByRefreshToken.get(request.path("refresh_token").asText());
        return events(Event.Revoked.class).stream()
                .anyMatch(revoked -> revoked.login().equals(login));
    }

    /** The rule: a refresh token works once; the second use ends the login. */
    private synchronized Optional<Tokens> rotate(String refreshToken) {
        Login login = loginByRefreshToken.get(refreshToken);
        if (login == null) {
            return Optional.empty();
        }
        if (!usedRefreshTokens.add(refreshToken)) {
            login.kill();
            events.add(new Event.Reused(login));
        }
        if (login.isDead()) {
            return Optional.empty();
        }
        Tokens next = login.rotate(Instant.now().minus(clockIsLate), lifetime);
        register(login, next);
        events.add(new Event.Rotated(login, next, Instant.now()));
        return Optional.of(next);
    }

    private void register(Login login, Tokens tokens) {
        loginByRefreshToken.put(tokens.refreshToken(), login);
        everythingIssued.addAll(List.of(tokens.accessToken(), tokens.refreshToken(), tokens.idToken()));
    }

    private void respond(HttpExchange exchange, JsonNode request) throws IOException {
        String credential = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .map(header -> header.replaceFirst("(?i)^Bearer ", ""))
                .orElse("");
        Optional<Instant> limit = usageLimit(credential);
        if (limit.isPresent()) {
            events.add(new Event.ModelCall(credential, 429));
            sendUsageLimit(exchange, limit.get());
            return;
        }
        int status = Optional.ofNullable(nextResponseStatus.poll()).orElseGet(() -> isAccepted(credential) ? 200 : 401);
        events.add(new Event.ModelCall(credential, status));
        if (status != 200) {
            send(exchange, status, error("token_expired"));
            return;
        }
        rememberCommandOutputs(request);
        Gate gate = responseGates.poll();
        if (gate != null) {
            gate.pass();
        }
        String command = commandsToOrder.poll();
        JsonNode item = command == null ? message("done") : command(request, command);
        String stream = sse(
                        "response.created",
                        JSON.createObjectNode()
                                .set("response", JSON.createObjectNode().put("id", "resp_1")))
                + sse("response.output_item.done", JSON.createObjectNode().set("item", item))
                + sse("response.completed", completed());
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private synchronized Optional<Instant> usageLimit(String accessToken) {
        return usageLimits.entrySet().stream()
                .filter(limit ->
                        limit.getKey().states().stream().anyMatch(state -> accessToken.equals(state.accessToken())))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** As Codex's client for the backend reads it (codex-rs, {@code usage_limit_reached}). */
    private static void sendUsageLimit(HttpExchange exchange, Instant until) throws IOException {
        exchange.getResponseHeaders().set("x-codex-primary-used-percent", "100");
        exchange.getResponseHeaders().set("x-codex-primary-window-minutes", "300");
        exchange.getResponseHeaders().set("x-codex-primary-reset-at", String.valueOf(until.getEpochSecond()));
        ObjectNode answer = JSON.createObjectNode();
        answer.putObject("error")
                .put("type", "usage_limit_reached")
                .put("message", "The usage limit has been reached")
                .put("plan_type", "pro")
                .put("resets_at", until.getEpochSecond());
        send(exchange, 429, answer.toString());
    }

    private synchronized boolean isAccepted(String credential) {
        if (acceptedKeys.contains(credential)) {
            return true;
        }
        return loginByRefreshToken.values().stream()
                .flatMap(login -> login.states().stream())
                .anyMatch(tokens -> tokens.accessToken().equals(credential)
                        && tokens.issuedAt().isAfter(endedBefore)
                        && tokens.expiresAt().isAfter(Instant.now()));
    }

    private void rememberCommandOutputs(JsonNode request) {
        List<String> outputs = new ArrayList<>();
        for (JsonNode item : request.path("input")) {
            if (item.path("type").asText().equals("function_call_output")) {
                outputs.add(
                        item.path("output").isTextual()
                                ? item.path("output").asText()
                                : item.path("output").toString());
            }
        }
        if (outputs.size() > commandOutputs.size()) {
            commandOutputs.addAll(outputs.subList(commandOutputs.size(), outputs.size()));
        }
    }

    /** A call of whichever tool for shell commands this Codex offers. */
    private static JsonNode command(JsonNode request, String command) {
        Set<String> tools = new LinkedHashSet<>();
        for (JsonNode tool : request.path("tools")) {
            tools.add(tool.path("name").asText());
        }
        ObjectNode arguments = JSON.createObjectNode();
        String tool;
        if (tools.contains("exec_command")) {
            tool = "exec_command";
            arguments.put("cmd", command);
        } else if (tools.contains("shell_command")) {
            tool = "shell_command";
            arguments.put("command", command);
        } else {
            tool = "shell";
            ArrayNode words = arguments.putArray("command");
            words.add("bash").add("-c").add(command);
        }
        return JSON.createObjectNode()
                .put("type", "function_call")
                .put("name", tool)
                .put("arguments", arguments.toString())
                .put("call_id", "call_" + UUID.randomUUID());
    }

    private static JsonNode message(String text) {
        ObjectNode message = JSON.createObjectNode().put("type", "message").put("role", "assistant");
        message.putArray("content").addObject().put("type", "output_text").put("text", text);
        return message;
    }

    private static ObjectNode completed() {
        ObjectNode response = JSON.createObjectNode().put("id", "resp_1");
        response.putObject("usage")
                .put("input_tokens", 1)
                .putNull("input_tokens_details")
                .put("output_tokens", 1)
                .putNull("output_tokens_details")
                .put("total_tokens", 2);
        return JSON.createObjectNode().set("response", response);
    }

    private static String sse(String type, JsonNode data) {
        return "event: " + type + "\ndata: " + ((ObjectNode) data).put("type", type) + "\n\n";
    }

    private static String error(String code) {
        ObjectNode error = JSON.createObjectNode();
        error.putObject("error")
                .put("code", code)
                .put("message", "stand-in: " + code)
                .put("type", "invalid_request_error");
        return error.toString();
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
