package io.github.codexauth.testing;

import static java.net.http.HttpResponse.BodyHandlers.ofString;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A kube-apiserver with an etcd of the test's own, on the loopback alone: the real programs, with roles, service
 * accounts and their tokens. Nothing runs in this cluster.
 */
public final class RealKubernetes implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ADMIN_TOKEN = "admins-secret";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final AtomicInteger NAMESPACES = new AtomicInteger();

    private static @Nullable RealKubernetes shared;

    private final Path etcdProgram;
    private final Path serverProgram;
    private final Path folder;
    private final int port;
    private final int etcdPort;
    private final int peerPort;
    private @Nullable Process etcd;
    private @Nullable Process server;
    private @Nullable HttpClient admin;

    /** What etcd may keep, in bytes; 0 for what it takes by itself. */
    private int quota;

    private RealKubernetes(Path etcdProgram, Path serverProgram, Path folder) throws IOException {
        this.etcdProgram = etcdProgram;
        this.serverProgram = serverProgram;
        this.folder = folder;
        this.port = freePort();
        this.etcdPort = freePort();
        this.peerPort = freePort();
    }

    /**
     * The one that this process's tests share; each takes a namespace of its own. Without the programs the test is
     * skipped.
     */
    public static synchronized RealKubernetes shared() {
        if (shared == null) {
            RealKubernetes started = start();
            Runtime.getRuntime().addShutdownHook(new Thread(started::close));
            shared = started;
        }
        return shared;
    }

    /** One that a test may end. Without the programs it is skipped with a sentence. */
    public static RealKubernetes start() {
        try {
            Path server = program("kube-apiserver");
            Path etcd = program("etcd");
            Path folder = Files.createTempDirectory("codex-auth-kubernetes-");
            RealKubernetes started = new RealKubernetes(etcd, server, folder);
            started.prepare();
            started.up();
            return started;
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Where operators' tests have them; etcd is a package of Debian's, too. */
    private static Path program(String name) {
        String assets = System.getenv("KUBEBUILDER_ASSETS");
        for (Path place :
                List.of(Path.of(assets == null ? "/usr/local/kubebuilder/bin" : assets), Path.of("/usr/bin"))) {
            if (Files.isExecutable(place.resolve(name))) {
                return place.resolve(name);
            }
        }
        Assumptions.abort("skipped: " + name + " is needed in the folder that KUBEBUILDER_ASSETS names");
        throw new AssertionError(name);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void prepare() throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        Files.writeString(
                folder.resolve("service-accounts.key"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, "\n".getBytes())
                                .encodeToString(
                                        generator.generateKeyPair().getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        Files.writeString(folder.resolve("tokens.csv"), ADMIN_TOKEN + ",admin,admin,\"system:masters\"\n");
    }

    /** Starts both on the same data. */
    public void up() {
        etcdUp();
        serverUp();
    }

    public void etcdUp() {
        etcd = run(
                "etcd",
                etcdProgram.toString(),
                "--data-dir=" + data(),
                "--unsafe-no-fsync",
                "--quota-backend-bytes=" + quota,
                "--listen-client-urls=http://127.0.0.1:" + etcdPort,
                "--advertise-client-urls=http://127.0.0.1:" + etcdPort,
                "--listen-peer-urls=http://127.0.0.1:" + peerPort,
                "--initial-advertise-peer-urls=http://127.0.0.1:" + peerPort,
                "--initial-cluster=default=http://127.0.0.1:" + peerPort);
    }

    public void serverUp() {
        server = run(
                "kube-apiserver",
                serverProgram.toString(),
                "--etcd-servers=http://127.0.0.1:" + etcdPort,
                "--cert-dir=" + folder.resolve("certificates"),
                "--bind-address=127.0.0.1",
                "--secure-port=" + port,
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + folder.resolve("service-accounts.key"),
                "--service-account-signing-key-file=" + folder.resolve("service-accounts.key"),
                "--authorization-mode=RBAC",
                "--token-auth-file=" + folder.resolve("tokens.csv"),
                "--service-cluster-ip-range=10.0.0.0/24");
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isReady()) {
            if (!server.isAlive() || System.nanoTime() - end > 0) {
                throw new AssertionError("kube-apiserver does not start: see " + folder.resolve("kube-apiserver.log"));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private boolean isReady() {
        try {
            return Files.exists(authority()) && send("GET", "/readyz", null).statusCode() == 200;
        } catch (UncheckedIOException notYet) {
            forgetAuthority();
            return false;
        }
    }

    /** The server may have been in the middle of writing its certificates when they were read. */
    private synchronized void forgetAuthority() {
        admin = null;
    }

    private Process run(String name, String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve(name + ".log").toFile()));
            builder.environment().put("ETCD_UNSUPPORTED_ARCH", System.getProperty("os.arch"));
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps everything. @return ends both as a power cut does, and starts them on that; for once */
    public Runnable backUp() {
        String kept = data() + "-" + System.nanoTime();
        down();
        execute("cp", "-a", data().toString(), kept);
        up();
        return () -> {
            down();
            execute("rm", "-rf", data().toString());
            execute("mv", kept, data().toString());
            up();
        };
    }

    /** Where etcd keeps everything. */
    private Path data() {
        return folder.resolve("data");
    }

    /** Ends both as a power cut does. */
    public void down() {
        serverDown();
        etcdDown();
    }

    public void serverDown() {
        end(server);
    }

    public void etcdDown() {
        end(etcd);
    }

    private static void end(@Nullable Process process) {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    /** Stops etcd, so that the server gets no answer from it; or lets it go on. */
    public void pauseEtcd(boolean paused) {
        execute("kill", paused ? "-STOP" : "-CONT", String.valueOf(etcd.pid()));
    }

    /** Restarts etcd with less room than it uses, so that it takes nothing more. */
    public void fillEtcd() {
        restartEtcd(4096);
    }

    /** As an operator does it: etcd takes nothing until its alarm is taken back. */
    public void makeRoom() {
        restartEtcd(0);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (hasAlarm()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("etcd does not take its alarm back: see " + folder.resolve("etcd.log"));
            }
            pause();
        }
    }

    /** Whether it is full, or was and has just been told that it is not, or does not answer yet. */
    private boolean hasAlarm() {
        HttpRequest.Builder ask =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + etcdPort + "/v3/maintenance/alarm"));
        try {
            HttpClient client = HttpClient.newHttpClient();
            HttpRequest look =
                    ask.POST(BodyPublishers.ofString("{\"action\":\"GET\"}")).build();
            JsonNode alarms = json(client.send(look, ofString())).path("alarms");
            for (JsonNode alarm : alarms) {
                String end = ((ObjectNode) alarm.deepCopy())
                        .put("action", "DEACTIVATE")
                        .toString();
                client.send(ask.POST(BodyPublishers.ofString(end)).build(), ofString());
            }
            return !alarms.isEmpty();
        } catch (IOException notYet) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void restartEtcd(int bytes) {
        quota = bytes;
        etcdDown();
        etcdUp();
    }

    private static void execute(String... command) {
        try {
            if (new ProcessBuilder(command).start().waitFor() != 0) {
                throw new AssertionError(String.join(" ", command));
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public int port() {
        return port;
    }

    /** The file with what signed the server's certificate. */
    public Path authority() {
        return folder.resolve("certificates/apiserver.crt");
    }

    /** A new namespace with a service account {@code runner}, which may do nothing. */
    public String namespace() {
        String name = "ci-" + NAMESPACES.incrementAndGet();
        post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + name + "\"}}");
        serviceAccount(name, "runner");
        return name;
    }

    public void serviceAccount(String namespace, String name) {
        post(
                "/api/v1/namespaces/" + namespace + "/serviceaccounts",
                "{\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"" + namespace + "\"}}");
    }

    /** A token as the kubelet projects it into a pod. */
    public String token(String namespace, String serviceAccount) {
        return post(
                        "/api/v1/namespaces/" + namespace + "/serviceaccounts/" + serviceAccount + "/token",
                        "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenRequest\","
                                + "\"spec\":{\"audiences\":[\"https://kubernetes.default.svc\"],"
                                + "\"expirationSeconds\":3600}}")
                .at("/status/token")
                .asText();
    }

    /** Lets the runner do what the rules say, in JSON, and nothing else. */
    public void allow(String namespace, String rules) {
        String roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/" + namespace + "/roles";
        String role =
                "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"Role\",\"metadata\":{\"name\":\"runner\"},"
                        + "\"rules\":" + rules + "}";
        if (send("PUT", roles + "/runner", role).statusCode() >= 400) {
            post(roles, role);
        }
        send(
                "POST",
                "/apis/rbac.authorization.k8s.io/v1/namespaces/" + namespace + "/rolebindings",
                "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"RoleBinding\",\"metadata\":{\"name\":\"runner\"},"
                        + "\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Role\",\"name\":\"runner\"},"
                        + "\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"runner\",\"namespace\":\"" + namespace
                        + "\"}]}");
    }

    /** Every right on the two kinds of objects that the store needs anywhere. */
    public void allowAll(String namespace) {
        allow(
                namespace,
                "[{\"apiGroups\":[\"\"],\"resources\":[\"secrets\"],\"verbs\":[\"get\",\"create\",\"update\"]},"
                        + "{\"apiGroups\":[\"coordination.k8s.io\"],\"resources\":[\"leases\"],"
                        + "\"verbs\":[\"get\",\"create\",\"update\",\"list\",\"watch\"]}]");
    }

    /** An object, as the admin sees it. */
    public JsonNode get(String path) {
        HttpResponse<String> response = send("GET", path, null);
        if (response.statusCode() >= 400) {
            throw new AssertionError(path + ": " + response.body());
        }
        return json(response);
    }

    public JsonNode post(String path, String body) {
        HttpResponse<String> response = send("POST", path, body);
        if (response.statusCode() >= 400) {
            throw new AssertionError(path + ": " + response.body());
        }
        return json(response);
    }

    public JsonNode put(String path, JsonNode object) {
        HttpResponse<String> response = send("PUT", path, object.toString());
        if (response.statusCode() >= 400) {
            throw new AssertionError(path + ": " + response.body());
        }
        return json(response);
    }

    /**
     * Applies an object as {@code kubectl apply --server-side} does.
     *
     * @param query such as {@code &dryRun=All}
     */
    public void apply(JsonNode object, String query) {
        String kind = object.path("kind").asText();
        String version = object.path("apiVersion").asText();
        String path = (version.contains("/") ? "/apis/" : "/api/") + version + "/namespaces/"
                + object.at("/metadata/namespace").asText() + "/" + kind.toLowerCase(Locale.ROOT) + "s/"
                + object.at("/metadata/name").asText() + "?fieldManager=test" + query;
        HttpResponse<String> response = send("PATCH", path, object.toString());
        if (response.statusCode() >= 400) {
            throw new AssertionError(path + ": " + response.body());
        }
    }

    public void delete(String path) {
        send("DELETE", path, null);
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What somebody with that token is answered. */
    public int statusAs(String token, String method, String path) {
        return send(token, method, path, "{}").statusCode();
    }

    /** Anything, as the admin. */
    public HttpResponse<String> send(String method, String path, @Nullable String body) {
        return send(ADMIN_TOKEN, method, path, body);
    }

    private HttpResponse<String> send(String token, String method, String path, @Nullable String body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                    .header("Authorization", "Bearer " + token)
                    .header(
                            "Content-Type",
                            path.contains("fieldManager") ? "application/apply-patch+yaml" : "application/json")
                    .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                    .build();
            return client().send(request, ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private synchronized HttpClient client() throws IOException {
        if (admin == null) {
            try {
                KeyStore believed = KeyStore.getInstance("PKCS12");
                believed.load(null, null);
                int number = 0;
                for (Certificate certificate : CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(authority())))) {
                    believed.setCertificateEntry("authority-" + number++, certificate);
                }
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(believed);
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, factory.getTrustManagers(), null);
                admin = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(context)
                        .build();
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        }
        return admin;
    }

    public static String leases(String namespace) {
        return "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases";
    }

    public static String secrets(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/secrets";
    }

    /** Lets leases believe that time has passed. */
    public void letPass(String namespace, Duration time) {
        for (JsonNode lease : get(leases(namespace)).path("items")) {
            Instant renewed = Instant.parse(lease.at("/spec/renewTime").asText(Instant.EPOCH.toString()));
            if (renewed.equals(Instant.EPOCH)) {
                continue;
            }
            ObjectNode changed = lease.deepCopy();
            ((ObjectNode) changed.path("spec"))
                    .put("renewTime", renewed.minus(time).toString().replaceFirst("(\\.\\d+)?Z$", ".000000Z"));
            changed.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
            put(leases(namespace) + "/" + lease.at("/metadata/name").asText(), changed);
        }
    }

    @Override
    public void close() {
        down();
        try {
            List<Path> all = new ArrayList<>();
            try (var walk = Files.walk(folder)) {
                walk.forEach(all::add);
            }
            for (int i = all.size() - 1; i >= 0; i--) {
                Files.deleteIfExists(all.get(i));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
