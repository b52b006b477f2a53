package io.github.codexauth.runner.codex;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * An HTTPS server on 127.0.0.1 with a certificate that nobody trusts, as behind a company's proxy whose CA was not
 * given to Codex.
 */
final class TlsServer implements AutoCloseable {
    private static final String PASSWORD = "changeit";

    private final HttpsServer server;
    private final Path bundleOfAnother;

    private TlsServer(HttpsServer server, Path bundleOfAnother) {
        this.server = server;
        this.bundleOfAnother = bundleOfAnother;
    }

    /** @param folder for its keys */
    static TlsServer start(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
        Path own = folder.resolve("own.p12");
        Path other = folder.resolve("other.p12");
        List<String> certificate = List.of("-keyalg", "RSA", "-dname", "CN=127.0.0.1", "-ext", "SAN=IP:127.0.0.1");
        keytool(own, "-genkeypair", certificate);
        keytool(other, "-genkeypair", certificate);
        Path bundle = folder.resolve("other.pem");
        keytool(other, "-exportcert", List.of("-rfc", "-file", bundle.toString()));

        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(own)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.start();
        return new TlsServer(server, bundle);
    }

    String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort();
    }

    /** A CA bundle, which holds another certificate than this server's. */
    Path bundleOfAnother() {
        return bundleOfAnother;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static void keytool(Path store, String command, List<String> options)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                command,
                "-alias",
                "it",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
        words.addAll(options);
        if (new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                != 0) {
            throw new AssertionError("keytool failed: " + command);
        }
    }
}
