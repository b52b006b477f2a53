package io.github.codexauth.testing;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate authority of a company's own, made with the JDK's keytool, for servers at 127.0.0.1 and issuer.example.
 */
public final class OwnAuthority {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path keys;
    private final Path bundle;

    private OwnAuthority(Path keys, Path bundle) {
        this.keys = keys;
        this.bundle = bundle;
    }

    /** Makes one, and writes its certificate down in PEM form. */
    public static OwnAuthority in(Path folder) throws Exception {
        Path keys = folder.resolve("keys.p12");
        keytool(keys, "-alias", "ca", "-dname", "CN=Company", "-ext", "bc:c");
        // Not the authority's own certificate: Codex takes none of an authority for that of a server.
        keytool(
                keys,
                "-alias",
                "server",
                "-dname",
                "CN=Server",
                "-ext",
                "san=dns:issuer.example,ip:127.0.0.1",
                "-signer",
                "ca");
        Path bundle = Files.writeString(
                folder.resolve("ca.pem"),
                "Bag Attributes: äöü\n"
                        + pem("CERTIFICATE", store(keys).getCertificate("ca").getEncoded()));
        return new OwnAuthority(keys, bundle);
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes()).encodeToString(content) + "\n-----END " + what + "-----\n";
    }

    /**
     * What this authority gave to somebody.
     *
     * @param certificate in PEM form
     * @param key in PEM form
     */
    public record Issued(Path certificate, Path key) {}

    /**
     * Signs a certificate.
     *
     * @param name its common name; each has to be another
     * @param options of keytool, such as {@code -ext san=dns:localhost}
     */
    public Issued issue(String name, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("-alias", name, "-dname", "CN=" + name, "-signer", "ca"));
        all.addAll(List.of(options));
        keytool(keys, all.toArray(String[]::new));
        KeyStore store = store(keys);
        return new Issued(
                Files.writeString(
                        keys.resolveSibling(name + ".pem"),
                        pem("CERTIFICATE", store.getCertificate(name).getEncoded())),
                Files.writeString(
                        keys.resolveSibling(name + ".key"),
                        pem("PRIVATE KEY", store.getKey(name, PASSWORD).getEncoded())));
    }

    private static void keytool(Path keys, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-keystore",
                keys.toString(),
                "-storepass",
                new String(PASSWORD)));
        command.addAll(List.of(options));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes());
        if (keytool.waitFor() != 0) {
            throw new AssertionError(said);
        }
    }

    public Path bundle() {
        return bundle;
    }

    /** A context for a server that shows this authority's certificate. */
    public SSLContext serverContext() throws Exception {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore servers = store(keys);
        servers.deleteEntry("ca");
        factory.init(servers, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    /** A context for a client that believes this authority alone. */
    public SSLContext clientContext() throws Exception {
        KeyStore believed = KeyStore.getInstance("PKCS12");
        believed.load(null, null);
        believed.setCertificateEntry("ca", store(keys).getCertificate("ca"));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(believed);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    /** A server on loopback that answers {@code {}} to everything. */
    public HttpsServer startServer() throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(serverContext()));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("{}".getBytes());
            exchange.close();
        });
        server.start();
        return server;
    }

    private static KeyStore store(Path file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return store;
    }
}
