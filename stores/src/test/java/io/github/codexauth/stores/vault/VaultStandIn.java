package io.github.codexauth.stores.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.codexauth.testing.OwnAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A stand-in for a Vault or OpenBao server, since no registry that the build reaches has one. No code of theirs is in
 * it. Its answers are those of OpenBao's source, at commit df6ce2c:
 *
 * <ul>
 *   <li>entries and their versions: internal/builtin/logical/kv/path_data.go (reads of deleted versions, the two
 *       messages about check-and-set), path_config.go, path_metadata.go (listing), upgrade.go and backend.go (an
 *       upgrade under way)
 *   <li>which error has which status, and that nothing found is 404 with no reason: sdk/logical/response_util.go,
 *       sdk/logical/error.go
 *   <li>signing in: internal/builtin/credential/jwt/path_login.go,
 *       internal/builtin/credential/kubernetes/path_login.go; the answer's form: sdk/logical/translate_response.go;
 *       renewing: internal/vault/token_store.go
 *   <li>rights, before anything else is looked at, and create or update by whether there is an entry:
 *       internal/vault/policy/acl.go, internal/vault/request_handling.go
 *   <li>a mount that is not there: internal/vault/routing/router.go
 *   <li>standbys that redirect, a cluster without an active one: internal/http/handler.go; sealed:
 *       sdk/helper/consts/error.go; quotas: internal/http/util.go
 * </ul>
 *
 * <p>412, 472 and 473 are Vault Enterprise's alone: api/client.go names the first, the others are in its documentation
 * of {@code sys/health}.
 */
public final class VaultStandIn implements AutoCloseable {
    public static final String ROOT = "root-token-of-the-stand-in";
    public static final String MOUNT = "kv";

    private static final String LOST_SWAP = "check-and-set parameter did not match the current version";
    private static final Pattern RULE = Pattern.compile("path \"([^\"]+)\" \\{ capabilities = \\[([^\\]]*)\\] \\}");
    private static final JsonMapper JSON = new JsonMapper();

    /** A call, and the token it had. */
    public record Call(String method, String path, String token, String namespace) {
        boolean isSave() {
            return method.equals("POST") && path.contains("/data/") && path.contains("/logins/");
        }
    }

    /**
     * An answer that is not the server's own.
     *
     * @param arrives whether the call is done all the same
     */
    record Fault(int status, Map<String, String> headers, String body, boolean arrives) {
        static final String QUOTING = "{\"errors\":[\"quotes-a-secret\"]}";

        static Fault before(int status) {
            return new Fault(status, Map.of(), QUOTING, false);
        }

        static Fault after(int status) {
            return new Fault(status, Map.of(), QUOTING, true);
        }
    }

    /** What answers at one port. */
    private enum Node {
        ACTIVE,
        /** Sends everybody to the active one. */
        REDIRECTING,
        /** Answers reads itself, later than the active one would; everything else is forwarded. */
        READING
    }

    private record Version(Optional<ObjectNode> data, boolean isDeleted) {}

    private record Role(String jwt, String policy, Duration ttl, boolean isRenewable) {}

    private static final class Session {
        private final String policy;
        private Instant end;
        private final Role role;

        Session(String policy, Instant end, Role role) {
            this.policy = policy;
            this.end = end;
            this.role = role;
        }
    }

    private final List<HttpServer> servers = new ArrayList<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<String, List<Version>> entries = new TreeMap<>();
    private final Map<String, Integer> staleReads = new HashMap<>();
    private final Map<String, Role> roles = new HashMap<>();
    private final Map<String, String> policies = new HashMap<>();
    private final Map<String, Session> sessions = new HashMap<>();
    private final ObjectNode config = JSON.createObjectNode()
            .put("cas_required", true)
            .put("max_versions", 0)
            .put("metadata_cas_required", false)
            .put("delete_version_after", "0s");
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger number = new AtomicInteger();
    private final int active;
    private Predicate<Call> which = call -> false;
    private Fault fault = Fault.before(500);
    private Duration passed = Duration.ZERO;
    private Optional<String> namespace = Optional.empty();
    private boolean isVersioned = true;
    private int lag;

    private VaultStandIn(HttpServer server) {
        active = start(server, Node.ACTIVE);
    }

    /** At http, as an agent on the same machine speaks it. */
    public static VaultStandIn start() {
        try {
            return new VaultStandIn(HttpServer.create(loopback(), 0));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static VaultStandIn start(OwnAuthority authority) throws Exception {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(authority.serverContext()));
        return new VaultStandIn(server);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private int start(HttpServer server, Node node) {
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/v1/", exchange -> handle(exchange, node));
        server.start();
        servers.add(server);
        return server.getAddress().getPort();
    }

    public int port() {
        return active;
    }

    /**
     * The address of a store in it.
     *
     * @param signIn the parameters that say how to; empty for a token that is given otherwise
     */
    public String address(String signIn) {
        return "vault://" + MOUNT + "/codex-auth?server=http://127.0.0.1:" + active
                + (signIn.isEmpty() ? "" : "&" + signIn);
    }

    /** As {@code vault operator seal} does, until it is unsealed. */
    public void seal() {
        fail(Integer.MAX_VALUE, call -> true, new Fault(503, Map.of(), "{\"errors\":[\"Vault is sealed\"]}", false));
    }

    public void unseal() {
        fail(0, call -> false, fault);
    }

    /** A standby that sends everybody to the active one. */
    int redirectingStandby() throws IOException {
        return start(HttpServer.create(loopback(), 0), Node.REDIRECTING);
    }

    /** A standby that knows of a write only when the entry has been read so often since. */
    int readingStandby(int reads) throws IOException {
        lag = reads;
        return start(HttpServer.create(loopback(), 0), Node.READING);
    }

    /** Whoever shows this signed token to this method may sign in as this role. */
    public synchronized void role(
            String method, String role, String jwt, String policy, Duration ttl, boolean renewable) {
        roles.put(method + "/" + role, new Role(jwt, policy, ttl, renewable));
    }

    /** @param hcl as {@code store init} prints it */
    public synchronized void policy(String name, String hcl) {
        policies.put(name, hcl);
    }

    public synchronized String policy(String name) {
        return policies.getOrDefault(name, "");
    }

    synchronized String token(String policy) {
        String token = "s.token-" + number.incrementAndGet();
        sessions.put(token, new Session(policy, Instant.MAX, new Role("", policy, Duration.ZERO, false)));
        return token;
    }

    synchronized void configure(String setting, Object value) {
        config.putPOJO(setting, value);
    }

    synchronized void unversioned() {
        isVersioned = false;
    }

    /** The only namespace in which the mount is. */
    synchronized void namespace(String name) {
        namespace = Optional.of(name);
    }

    /** So many of the calls that are meant, from now on. */
    synchronized void fail(int times, Predicate<Call> meant, Fault how) {
        fault = how;
        which = meant;
        left.set(times);
        calls.clear();
    }

    /** Since then. */
    List<Call> calls() {
        return calls;
    }

    /** What is there, by its path below the mount; empty if nothing is. */
    public synchronized Optional<ObjectNode> content(String path) {
        List<Version> versions = entries.getOrDefault(path, List.of());
        return versions.isEmpty()
                ? Optional.empty()
                : versions.get(versions.size() - 1).data();
    }

    synchronized void put(String path, ObjectNode content) {
        entries.computeIfAbsent(path, any -> new ArrayList<>()).add(new Version(Optional.of(content), false));
    }

    /** As {@code vault kv delete} does. */
    synchronized void delete(String path) {
        List<Version> versions = entries.get(path);
        versions.set(versions.size() - 1, new Version(Optional.empty(), true));
    }

    /** As {@code vault kv metadata delete} does with everything. */
    synchronized void empty() {
        entries.clear();
    }

    /** Everything as it is, to be brought back. */
    public synchronized Runnable backUp() {
        Map<String, List<Version>> copy = new TreeMap<>();
        entries.forEach((path, versions) -> copy.put(path, new ArrayList<>(versions)));
        return () -> {
            synchronized (this) {
                entries.clear();
                entries.putAll(copy);
            }
        };
    }

    /** Makes everything that was written so much older. */
    public synchronized void letPass(Duration time) {
        entries.forEach((path, versions) -> content(path).ifPresent(content -> {
            ObjectNode older = content.deepCopy();
            if (older.has("renewed")) {
                older.put(
                        "renewed",
                        Instant.parse(older.path("renewed").asText())
                                .minus(time)
                                .toString());
                put(path, older);
            }
        }));
    }

    /** Ends the tokens that would have ended by then. */
    synchronized void letTokensAge(Duration time) {
        passed = passed.plus(time);
    }

    private void handle(HttpExchange exchange, Node node) throws IOException {
        try (exchange) {
            // Whoever sends its body slowly holds up nobody else.
            handle(exchange, node, exchange.getRequestBody().readAllBytes());
        }
    }

    private synchronized void handle(HttpExchange exchange, Node node, byte[] bytes) throws IOException {
        String path = exchange.getRequestURI().toString().substring("/v1/".length());
        Call call = new Call(
                exchange.getRequestMethod(),
                path,
                header(exchange, "X-Vault-Token"),
                header(exchange, "X-Vault-Namespace"));
        calls.add(call);
        if (node == Node.REDIRECTING) {
            exchange.getResponseHeaders().set("Location", "http://127.0.0.1:" + active + exchange.getRequestURI());
            exchange.sendResponseHeaders(307, -1);
            return;
        }
        boolean fails = which.test(call) && left.getAndDecrement() > 0;
        if (fails && !fault.arrives()) {
            send(exchange, fault.status(), fault.headers(), fault.body());
            return;
        }
        Response response = answer(call, bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes), node);
        if (fails) {
            send(exchange, fault.status(), fault.headers(), fault.body());
            return;
        }
        send(exchange, response.status(), Map.of(), response.body().toString());
    }

    private static String header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    private static void send(HttpExchange exchange, int status, Map<String, String> headers, String text)
            throws IOException {
        headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private record Response(int status, ObjectNode body) {
        static Response errors(int status, String... reasons) {
            ObjectNode body = JSON.createObjectNode();
            ArrayNode errors = body.putArray("errors");
            Stream.of(reasons).forEach(errors::add);
            return new Response(status, body);
        }

        static Response data(int status, ObjectNode data) {
            ObjectNode body = JSON.createObjectNode();
            body.set("data", data);
            return new Response(status, body);
        }
    }

    private Response answer(Call call, JsonNode body, Node node) {
        if (namespace.isPresent() && !namespace.get().equals(call.namespace())) {
            return Response.errors(404, "no handler for route \"" + call.path() + "\". route entry not found.");
        }
        String path = call.path().replaceFirst("/?\\?.*", "");
        Matcher login = Pattern.compile("auth/(.+)/login").matcher(path);
        if (login.matches()) {
            return signIn(login.group(1), body);
        }
        Optional<Session> session = session(call.token());
        if (session.isEmpty() && !call.token().equals(ROOT)) {
            return Response.errors(403, "permission denied");
        }
        if (path.equals("auth/token/renew-self")) {
            return renew(call.token(), session.orElseThrow());
        }
        if (path.equals("sys/capabilities-self")) {
            String asked = body.path("paths").path(0).asText();
            ObjectNode data = JSON.createObjectNode();
            capabilities(session, asked).forEach(data.putArray(asked)::add);
            return Response.data(200, data);
        }
        if (!path.startsWith(MOUNT + "/")) {
            return Response.errors(404, "no handler for route \"" + path + "\". route entry not found.");
        }
        String below = path.substring(MOUNT.length() + 1);
        boolean exists = !entries.getOrDefault(below.replaceFirst("^data/", ""), List.of())
                .isEmpty();
        String needed = call.path().endsWith("?list=true")
                ? "list"
                : call.method().equals("GET") ? "read" : exists ? "update" : "create";
        if (!capabilities(session, path).stream().anyMatch(List.of("root", needed)::contains)) {
            return Response.errors(403, "1 error occurred:\n\t* permission denied\n\n");
        }
        return mounted(below, needed, body, node);
    }

    private Response mounted(String below, String needed, JsonNode body, Node node) {
        if (!isVersioned) {
            return Response.errors(404);
        }
        if (below.equals("config")) {
            return Response.data(200, config);
        }
        if (needed.equals("list")) {
            return list(below.replaceFirst("^metadata/", "") + "/");
        }
        String entry = below.replaceFirst("^data/", "");
        return needed.equals("read") ? read(entry, node) : write(entry, body);
    }

    private Optional<Session> session(String token) {
        return Optional.ofNullable(sessions.get(token))
                .filter(session -> session.end.isAfter(Instant.now().plus(passed)));
    }

    private TreeSet<String> capabilities(Optional<Session> session, String path) {
        if (session.isEmpty()) {
            return new TreeSet<>(List.of("root"));
        }
        TreeSet<String> found = new TreeSet<>();
        Matcher rules = RULE.matcher(policies.getOrDefault(session.get().policy, ""));
        while (rules.find()) {
            String pattern = Pattern.quote(rules.group(1)).replace("+", "\\E[^/]+\\Q");
            if (path.matches(pattern)) {
                Stream.of(rules.group(2).split(", "))
                        .map(one -> one.replace("\"", ""))
                        .forEach(found::add);
            }
        }
        return found;
    }

    private Response signIn(String method, JsonNode body) {
        Role role = roles.get(method + "/" + body.path("role").asText());
        if (role == null) {
            return Response.errors(400, "role \"" + body.path("role").asText() + "\" could not be found");
        }
        if (!role.jwt().equals(body.path("jwt").asText())) {
            return method.equals("kubernetes")
                    ? Response.errors(403, "permission denied")
                    : Response.errors(400, "error validating token: error verifying token signature");
        }
        String token = token(role.policy());
        Session session = new Session(role.policy(), Instant.now().plus(passed).plus(role.ttl()), role);
        sessions.put(token, session);
        return auth(token, session);
    }

    private Response renew(String token, Session session) {
        if (!session.role.isRenewable()) {
            return Response.errors(400, "lease is not renewable");
        }
        session.end = Instant.now().plus(passed).plus(session.role.ttl());
        return auth(token, session);
    }

    private static Response auth(String token, Session session) {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("auth")
                .put("client_token", token)
                .put("lease_duration", session.role.ttl().toSeconds())
                .put("renewable", session.role.isRenewable());
        return new Response(200, body);
    }

    private Response list(String folder) {
        TreeSet<String> names = new TreeSet<>();
        for (String path : entries.keySet()) {
            if (path.startsWith(folder)) {
                names.add(path.substring(folder.length()).replaceFirst("/.*", "/"));
            }
        }
        if (names.isEmpty()) {
            return Response.errors(404);
        }
        ObjectNode data = JSON.createObjectNode();
        names.forEach(data.putArray("keys")::add);
        return Response.data(200, data);
    }

    private Response read(String entry, Node node) {
        List<Version> versions = entries.getOrDefault(entry, List.of());
        int known = versions.size();
        if (node == Node.READING && known > 0 && staleReads.merge(entry, 1, Integer::sum) <= lag) {
            known--;
        }
        if (known == 0) {
            return Response.errors(404);
        }
        Version version = versions.get(known - 1);
        ObjectNode data = JSON.createObjectNode();
        data.set("data", version.data().map(JsonNode.class::cast).orElse(JSON.nullNode()));
        data.putObject("metadata").put("version", known).put("destroyed", false);
        return Response.data(version.isDeleted() ? 404 : 200, data);
    }

    private Response write(String entry, JsonNode body) {
        List<Version> versions = entries.getOrDefault(entry, List.of());
        JsonNode cas = body.at("/options/cas");
        if (cas.isMissingNode()) {
            return Response.errors(400, "check-and-set parameter required for this call");
        }
        if (cas.asLong() != versions.size()) {
            return Response.errors(400, LOST_SWAP);
        }
        put(entry, (ObjectNode) body.path("data"));
        staleReads.put(entry, 0);
        ObjectNode data = JSON.createObjectNode().put("version", versions.size() + 1);
        return Response.data(200, data);
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
    }
}
