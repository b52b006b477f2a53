package io.github.codexauth.stores.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.codexauth.SecretText;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.PasswordSource;
import io.github.codexauth.stores.remote.Failure;
import io.github.codexauth.testing.OwnAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way to a real server that has a certificate of a company's own authority. */
class TlsTest {
    @TempDir
    private static Path folder;

    private static RealPostgresql server;
    private static OwnAuthority authority;
    private static OwnAuthority.Issued good;

    /** How often the server was asked for: a password is read for every connection. */
    private final AtomicInteger calls = new AtomicInteger();

    @BeforeAll
    static void startServer() throws Exception {
        server = RealPostgresql.start();
        OnPostgresql.prepare(server);
        authority = OwnAuthority.in(folder);
        good = authority.issue("localhost", "-ext", "san=dns:localhost");
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void showAGoodCertificate() throws Exception {
        server.speakTls(good, authority);
    }

    private Database database(String user, String host, String query, PasswordSource password) throws Exception {
        ServerAddress address = ServerAddress.parse(
                "//" + user + "@" + host + ":" + server.port() + "/codex" + (query.isEmpty() ? "" : "?" + query));
        return new Database(address, () -> {
            calls.incrementAndGet();
            return password.read();
        });
    }

    private Database runner(String host, String query) throws Exception {
        return database("runner", host, query, OnPostgresql.password(RealPostgresql.RUNNER_PASSWORD));
    }

    private static String believed(Path file) {
        return "sslrootcert=" + file;
    }

    private static String believed() {
        return believed(authority.bundle());
    }

    private static String tls(Database database) throws Exception {
        return database.repeatedly(
                "nothing",
                connection -> Statements.first(
                                connection,
                                "SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
                                row -> row.getBoolean(1) ? row.getString(2) : "none")
                        .orElseThrow());
    }

    /** At once: what a server shows, it would show again. */
    private void assertRefused(Database database, String problem, String hint) {
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> new Schema(database).requireReadable())
                .satisfies(e -> {
                    assertThat(e.problem()).contains(problem);
                    assertThat(e.hint()).contains(hint);
                    assertThat(e.problem() + e.hint()).doesNotContain(RealPostgresql.RUNNER_PASSWORD);
                });
        assertThat(calls.getAndSet(0)).as("attempts").isEqualTo(1);
    }

    @Test
    void isSpokenWithAServerThatProvesToBeTheOneThatIsMeant() throws Exception {
        Database database = runner("localhost", believed());

        new Schema(database).requireReadable();

        assertThat(database.address().tls()).isEqualTo("verify-full");
        assertThat(tls(database)).startsWith("TLSv1.");
    }

    @Test
    void isNotSpokenWithAServerOfAnotherName() throws Exception {
        assertRefused(
                runner("127.0.0.1", believed()),
                "the PostgreSQL server of postgresql://runner@127.0.0.1:" + server.port()
                        + "/codex shows a certificate for another name",
                "name the server in --store as its certificate does; see it: openssl s_client -starttls postgres");
    }

    @Test
    void isNotSpokenWithAServerOfAnotherNameInAnyLanguage() throws Exception {
        Locale usual = Locale.getDefault();
        Locale.setDefault(Locale.GERMAN);
        try {
            assertRefused(runner("127.0.0.1", believed()), "shows a certificate for another name", "openssl s_client");
        } finally {
            Locale.setDefault(usual);
        }
    }

    @Test
    void asksForNoNameWhereTheAddressSaysSo() throws Exception {
        assertThat(tls(runner("127.0.0.1", "sslmode=verify-ca&" + believed()))).startsWith("TLSv1.");
    }

    @Test
    void isNotSpokenWithAServerOfAnAuthorityThatJavaDoesNotKnow() throws Exception {
        assertRefused(
                runner("localhost", ""),
                "shows a certificate that is not trusted here",
                "name the file of the authority that signed it: ?sslrootcert=/FILE");
    }

    @Test
    void isNotSpokenWithAServerOfAnotherAuthorityThanIsNamed() throws Exception {
        Path others =
                OwnAuthority.in(Files.createDirectory(folder.resolve("others"))).bundle();

        assertRefused(
                runner("localhost", believed(others)),
                "shows a certificate that is not trusted here",
                others + " is of another one");
    }

    @Test
    void isNotSpokenWithAServerWhoseCertificateHasExpired() throws Exception {
        server.speakTls(
                authority.issue("expired", "-ext", "san=dns:localhost", "-startdate", "-3d", "-validity", "1"),
                authority);

        assertRefused(
                runner("localhost", believed()),
                "shows a certificate that has expired",
                "let whoever keeps it show a new one; if it does, set the clock of this machine; see it: openssl");
    }

    @Test
    void isNotSpokenWithAServerWhoseCertificateIsNotValidYet() throws Exception {
        server.speakTls(
                authority.issue("early", "-ext", "san=dns:localhost", "-startdate", "+2d", "-validity", "9"),
                authority);

        assertRefused(runner("localhost", believed()), "not valid yet", "set the clock of this machine");
    }

    @Test
    void isMissedWhereAServerHasNone() throws Exception {
        server.speakNoTls();

        assertRefused(
                runner("localhost", believed()),
                "has no TLS (sslmode=verify-full)",
                "let whoever keeps it set ssl = on");
    }

    @Test
    void isNotMissedWhereAServerAsksForSomethingElse() throws Exception {
        assertRefused(
                database("runner", "localhost", believed(), PasswordSource.NONE),
                "asks for a password",
                "--store-password-file");
        try (ServerSocket strange = answering(new byte[] {'R', 0, 0, 0, 8, 0, 0, 0, 99})) {
            assertRefused(
                    at(strange, "sslmode=disable"),
                    "asks 'runner' for something else than a password (08004)",
                    "ask whoever keeps its pg_hba.conf for scram-sha-256");
        }
    }

    @Test
    void isSuggestedWhereAServerLetsNobodyInWithout() throws Exception {
        server.admin("CREATE ROLE encrypted LOGIN PASSWORD '" + RealPostgresql.RUNNER_PASSWORD + "'");
        server.judgeBy("hostnossl all encrypted 127.0.0.1/32 reject");

        assertRefused(
                database(
                        "encrypted",
                        "127.0.0.1",
                        "sslmode=disable",
                        OnPostgresql.password(RealPostgresql.RUNNER_PASSWORD)),
                "does not let 'encrypted' in (28000)",
                "leave sslmode=disable out");
    }

    @Test
    void namesTheFileOfTheAuthorityThatIsNotThere() throws Exception {
        assertRefused(
                runner("localhost", believed(folder.resolve("no.pem"))),
                folder.resolve("no.pem") + " does not exist",
                "put those of the authority that signed the server's certificate there, in PEM form");
    }

    @Test
    void namesTheFileOfTheAuthorityThatHasNoCertificates() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        Path other = Files.writeString(folder.resolve("other.pem"), "-----BEGIN CERTIFICATE-----\ntopsecret\n");

        assertRefused(runner("localhost", believed(empty)), "there are no certificates in " + empty, "in PEM form");
        assertRefused(runner("localhost", believed(other)), "there are no certificates in " + other, "in PEM form");
    }

    /** As when a server or what stands before it ends in the middle: it may be back a moment later. */
    @Test
    void isTriedAgainWhereItBrokeOff() throws Exception {
        try (ServerSocket torn = answering(new byte[] {'S'}, new byte[0])) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> at(torn, believed()).once("nothing", connection -> true))
                    .satisfies(e -> {
                        assertThat(e.kind()).isEqualTo(Failure.Kind.UNREACHED);
                        assertThat(e.told().problem()).contains("cannot be reached");
                    });
        }
    }

    /** As a server does that takes no certificate of us, or speaks no TLS that we speak. */
    @Test
    void isNotTriedAgainWhereItWasRefused() throws Exception {
        byte[] handshakeFailure = {21, 3, 3, 0, 2, 2, 40};
        try (ServerSocket other = answering(new byte[] {'S'}, handshakeFailure)) {
            assertRefused(at(other, believed()), "agrees on no TLS with this machine", "?sslcert=/FILE&sslkey=/FILE");
        }
    }

    /** Something on the loopback that gives an answer to whatever it is told, and then hangs up. */
    private static ServerSocket answering(byte[]... answers) throws IOException {
        ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            while (!listening.isClosed()) {
                try (Socket caller = listening.accept()) {
                    byte[] said = new byte[64 * 1024];
                    for (byte[] answer : answers) {
                        caller.getInputStream().read(said);
                        caller.getOutputStream().write(answer);
                    }
                } catch (IOException next) {
                    // Whoever hangs up first has heard enough.
                    continue;
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return listening;
    }

    private Database at(ServerSocket listening, String query) throws Exception {
        ServerAddress address =
                ServerAddress.parse("//runner@127.0.0.1:" + listening.getLocalPort() + "/codex?" + query);
        return new Database(address, () -> {
            calls.incrementAndGet();
            return Optional.of(SecretText.of(RealPostgresql.RUNNER_PASSWORD));
        });
    }

    /** A runner that has a certificate in the place of a password. */
    @Nested
    class ACertificateOfTheRunner {
        private static final String USER = "machine";

        private Path certificate;
        private Path key;

        @BeforeEach
        void requireOne() throws Exception {
            certificate = folder.resolve(USER + ".pem");
            key = folder.resolve(USER + ".pk8");
            if (Files.exists(key)) {
                return;
            }
            inDer(authority.issue(USER).key(), key);
            server.admin("CREATE ROLE machine LOGIN");
            Schema.rights(USER).forEach(server::admin);
            server.judgeBy("hostssl all machine 127.0.0.1/32 cert");
        }

        private static Path inDer(Path pem, Path file) throws IOException {
            String text = Files.readString(pem).replaceAll("-----[A-Z ]+-----", "");
            Files.write(file, Base64.getMimeDecoder().decode(text));
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }

        private Database machine(Path certificate, Path key) throws Exception {
            return database(
                    USER, "localhost", believed() + "&sslcert=" + certificate + "&sslkey=" + key, PasswordSource.NONE);
        }

        @Test
        void isEnough() throws Exception {
            Database database = machine(certificate, key);

            new Schema(database).requireReadable();

            assertThat(tls(database)).startsWith("TLSv1.");
        }

        @Test
        void isAskedForWhereItIsMissing() throws Exception {
            assertRefused(
                    database(USER, "localhost", believed(), PasswordSource.NONE),
                    "does not let 'machine' in (28000)",
                    "?sslcert=/FILE&sslkey=/FILE");
        }

        @Test
        void isNamedWhereItsFilesAreNotWhatTheyShouldBe() throws Exception {
            Path pem = folder.resolve(USER + ".key");
            Path none = folder.resolve("none");

            assertRefused(machine(none, key), none + " does not exist", "put this runner's certificate there");
            assertRefused(machine(certificate, none), none + " does not exist", "openssl pkcs8 -topk8");
            assertRefused(
                    machine(certificate, pem), pem + " is no key in DER (PKCS#8, without a passphrase)", "openssl");
        }
    }
}
