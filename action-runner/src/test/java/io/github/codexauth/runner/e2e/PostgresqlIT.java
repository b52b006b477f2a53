package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.codexauth.stores.postgresql.RealPostgresql;
import io.github.codexauth.testing.Result;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Runners that share a database and nothing else, with the real Codex. */
class PostgresqlIT extends ServerStoreIT {
    private RealPostgresql server;

    @Override
    Cli withStore(Cli machine) {
        server = RealPostgresql.start();
        Result prepared = machine.with("CODEX_AUTH_STORE_PASSWORD", RealPostgresql.OWNER_PASSWORD)
                .run("store", "init", "--store", server.address("owner"), "--runner-role", "runner");
        assertThat(prepared.exitCode()).as(prepared.toString()).isZero();
        prepared.out().lines().forEach(server::admin);
        return machine.with("CODEX_AUTH_STORE", server.address("runner"))
                .with("CODEX_AUTH_STORE_PASSWORD", RealPostgresql.RUNNER_PASSWORD);
    }

    @Override
    JsonNode storedRecord() throws Exception {
        return new JsonMapper()
                .readTree(Base64.getMimeDecoder()
                        .decode(server.ask("SELECT encode(record, 'base64') FROM codex_auth.credential")));
    }

    @Override
    void letLeasesEnd() {
        server.letPass("61 seconds");
    }

    @Override
    void goAway() {
        server.down();
    }

    @Override
    void comeBack() {
        server.up();
    }

    @Override
    Runnable backUp() {
        return server.backUp();
    }

    @Override
    String[] whatIsSaidThen() {
        return new String[] {"the PostgreSQL server of", "cannot be reached"};
    }

    @Override
    void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void thePasswordIsSeenByNeitherTheJobNorAnybodyWhoReadsTheLog() {
        Result result =
                cli.runJob("sh", "-c", "env; tr '\\0' '\\n' < /proc/$PPID/environ; tr '\\0' ' ' < /proc/$PPID/cmdline");
        Result status = cli.run("status");
        Result doctor = cli.run("doctor");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).contains("CODEX_HOME=");
        assertThat(Stream.of(result, status, doctor).map(Result::toString))
                .noneMatch(all -> all.contains(RealPostgresql.RUNNER_PASSWORD));
        assertThat(status.out()).contains("store postgresql://runner@127.0.0.1:" + server.port() + "/codex");
        assertThat(doctor.out())
                .contains(
                        "'ci' is free and can be written",
                        "logins lie unencrypted on the store's server",
                        "sslmode=disable does not prove");
    }
}
