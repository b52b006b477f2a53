package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.runner.network.Background;
import io.github.codexauth.testing.OwnAuthority;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A network whose servers show certificates of the company's own authority. */
class CompanyNetworkIT extends OnOneMachine {
    @BeforeEach
    void machineWithALogin() {
        cli.seed(standIn.newLogin(Duration.ofHours(-1)));
    }

    @Test
    void aBundleThatIsMissingIsFoundBeforeAnythingIsTaken() {
        Path missing = folder.resolve("missing.pem");
        Cli machine = cli.with("SSL_CERT_FILE", missing.toString());
        Path key = cli.write("key", standIn.newApiKey());

        for (Result refused : new Result[] {
            machine.runJob("echo", "ran"),
            machine.run("run", "--api-key-file", key.toString(), "--", "echo", "ran"),
            machine.run("restore", "--id", "ci"),
            machine.run("keepalive", "--id", "ci")
        }) {
            assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(78);
            assertThat(refused.err())
                    .contains(
                            "error: SSL_CERT_FILE names a CA bundle that is not there: " + missing,
                            "hint: put the CA's certificates there in PEM form; or: unset SSL_CERT_FILE");
            assertThat(refused.out()).doesNotContain("ran");
        }
        assertThat(machine.run("doctor").out()).contains("wrong   SSL_CERT_FILE names a CA bundle that is not there");
        assertThat(standIn.events()).isEmpty();
        assertThat(cli.storeFolder().resolve("homes")).doesNotExist();
    }

    @Test
    void aBundleThatWeAcceptIsOneWithWhichCodexRefreshes() throws Exception {
        OwnAuthority authority = OwnAuthority.in(folder);
        try (SSLServerSocket front = (SSLServerSocket) authority
                .serverContext()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String tokenUrl = standIn.tokenUrl();
            int port = Integer.parseInt(tokenUrl.replaceAll(".*:(\\d+)/.*", "$1"));
            Background.start(() -> passOn(front, port));

            Result result = cli.with("CODEX_CA_CERTIFICATE", authority.bundle().toString())
                    .with(
                            "CODEX_REFRESH_TOKEN_URL_OVERRIDE",
                            "https://127.0.0.1:" + front.getLocalPort() + "/oauth/token")
                    .runCodex();

            assertThat(result.exitCode()).as(result.toString()).isZero();
            assertThat(standIn.rotations()).isEqualTo(1);
            assertThat(Stored.generation(cli)).isEqualTo(2);
        }
    }

    /** Takes TLS off what comes in. */
    private static void passOn(SSLServerSocket front, int port) throws IOException {
        while (true) {
            Socket client = front.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
            Background.start(() -> client.getInputStream().transferTo(server.getOutputStream()));
            Background.start(() -> {
                try (client) {
                    server.getInputStream().transferTo(client.getOutputStream());
                }
            });
        }
    }
}
