package io.github.codexauth.runner.e2e;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server with one release, laid out as ours are, of what this build made; the machine's Java takes the place of its
 * own.
 */
final class Releases implements AutoCloseable {
    static final String ARCHIVE = "codex-auth-0.1.0-linux-amd64.tar.gz";

    private final HttpServer server;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private Releases() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String name = exchange.getRequestURI().getPath().replaceFirst("^/v0\\.1\\.0/", "");
            requests.add(name);
            byte[] file = files.getOrDefault(name, new byte[0]);
            exchange.sendResponseHeaders(file.length == 0 ? 404 : 200, file.length == 0 ? -1 : file.length);
            exchange.getResponseBody().write(file);
            exchange.close();
        });
        server.start();
    }

    static Releases start(Path work) {
        try {
            Releases releases = new Releases();
            releases.files.put(ARCHIVE, archive(work));
            releases.put("SHA256SUMS", releases.checksum() + "  " + ARCHIVE + "\n");
            return releases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] archive(Path work) throws IOException {
        Path bin = Files.createDirectories(work.resolve("codex-auth-0.1.0/bin"));
        Path built = Path.of(System.getProperty("codexauth.launcher", "target/codex-auth"))
                .toAbsolutePath();
        for (String file : List.of("codex-auth", "codex-auth.jar", "codex-auth.jsa")) {
            Files.copy(built.resolveSibling(file), bin.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path archive = work.resolve(ARCHIVE);
        try {
            int exit = new ProcessBuilder("tar", "-C", work.toString(), "-czf", archive.toString(), "codex-auth-0.1.0")
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IOException("tar ended with " + exit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return Files.readAllBytes(archive);
    }

    void put(String name, String content) {
        files.put(name, content.getBytes(StandardCharsets.UTF_8));
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<String> requests() {
        return requests;
    }

    String checksum() {
        return sha256(files.getOrDefault(ARCHIVE, new byte[0]));
    }

    /** As in release.json. */
    String pinned() {
        return "\"linux-amd64\": \"" + checksum() + "\"";
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
