package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.stores.postgresql.RealPostgresql;
import io.github.codexauth.testing.OwnAuthority;
import io.github.codexauth.testing.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database on the network, whose certificate a company's own authority has signed. */
class PostgresqlTlsIT extends OnOneMachine {
    /** Null where it could not be had, and the test is skipped. */
    private @Nullable RealPostgresql server;

    private Path authority = Path.of("/");
    private String init = "";

    @BeforeEach
    void serverWithACertificate() throws Exception {
        RealPostgresql started = RealPostgresql.start();
        server = started;
        OwnAuthority own = OwnAuthority.in(Files.createDirectory(folder.resolve("authority")));
        authority = own.bundle();
        started.speakTls(own.issue("localhost", "-ext", "san=dns:localhost"), own);
        Result prepared = cli.with("CODEX_AUTH_STORE_PASSWORD", RealPostgresql.OWNER_PASSWORD)
                .run("store", "init", "--store", address("owner", "localhost"), "--runner-role", "runner");
        assertThat(prepared.exitCode()).as(prepared.toString()).isZero();
        prepared.out().lines().forEach(started::admin);
        cli = cli.with("CODEX_AUTH_STORE_PASSWORD", RealPostgresql.RUNNER_PASSWORD)
                .with("CODEX_AUTH_STORE", address("runner", "localhost"));
    }

    @AfterEach
    void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    private String address(String user, String host) {
        return "postgresql://" + user + "@" + host + ":" + server.port() + "/codex?plaintext=allowed&sslrootcert="
                + authority;
    }

    @Test
    void keepsALoginThatAJobRefreshes() throws Exception {
        standIn.accessTokensLast(Duration.ofMinutes(30));
        cli.seed(standIn.newLogin(Duration.ofMinutes(30)));
        standIn.endAccessTokens();

        Result job = cli.runJob(Cli.codexExec());
        Result doctor = cli.run("doctor");

        assertThat(job.exitCode()).as(job.toString()).isZero();
        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(standIn.events(Reused.class)).isEmpty();
        assertThat(server.ask("SELECT generation FROM codex_auth.credential")).isEqualTo("2");
        assertThat(doctor.out()).contains("'ci' is free and can be written").doesNotContain("sslmode");
    }

    @Test
    void isNotUsedUnderAnotherNameThanItsCertificateHas() {
        Result job =
                cli.with("CODEX_AUTH_STORE", address("runner", "127.0.0.1")).runJob("true");

        assertThat(job.exitCode()).isEqualTo(69);
        assertThat(job.err())
                .contains("shows a certificate for another name", "openssl s_client -starttls postgres")
                .doesNotContain("SEVERE");
    }
}
