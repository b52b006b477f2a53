package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.stores.postgresql.RealPostgresql;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code codex-auth store copy}: a team goes to another store without a new login. */
class StoreCopyIT extends OnOneMachine {
    private Login login;
    private String old;
    private String next;

    @BeforeEach
    void aLoginThatCodexHasRefreshedOnce() throws IOException {
        login = standIn.newLogin(Duration.ofHours(-1));
        cli.seed(login);
        assertThat(cli.runCodex().exitCode()).isZero();
        old = "file:" + cli.storeFolder();
        Path folder = Files.createDirectory(
                cli.folder().resolve("next"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        next = "file:" + folder;
    }

    @AfterEach
    void noTokenWasUsedTwice() {
        assertThat(standIn.events(Reused.class)).isEmpty();
    }

    @Test
    void jobsFindTheLoginInTheOtherStoreAndInTheOldOneNoMore() {
        Result moved = cli.run("store", "copy", old, next);
        Result again = cli.run("store", "copy", old, next);

        assertThat(moved.exitCode()).as(moved.toString()).isZero();
        assertThat(again.exitCode()).as(again.toString()).isZero();
        assertThat(cli.run("status", "--store", next).out())
                .contains("generation 2,")
                .doesNotContain("MOVED");
        assertThat(cli.run("status").out()).contains("MOVED      it was moved to another store");
        Result late = cli.runJob("true");
        assertThat(late.exitCode()).isEqualTo(65);
        assertThat(late.err()).contains("is not here any more: it was moved", "--store ADDRESS");
        assertThat(cli.run("keepalive", "--again", "--id", "ci").exitCode()).isEqualTo(65);
        standIn.endAccessTokens();
        assertThat(cli.with("CODEX_AUTH_STORE", next).runCodex().exitCode()).isZero();
        assertThat(standIn.rotations()).isEqualTo(2);
    }

    @Test
    void aLoginThatWasMovedCanBeMovedBack() {
        assertThat(cli.run("store", "copy", old, next).exitCode()).isZero();
        assertThat(cli.run("store", "copy", next, old).exitCode()).isZero();

        assertThat(cli.run("status").out()).contains("generation 3,").doesNotContain("MOVED");
        assertThat(cli.runJob("true").exitCode()).isZero();
        assertThat(cli.with("CODEX_AUTH_STORE", next).runJob("true").exitCode()).isEqualTo(65);
    }

    @Test
    void whatAKilledJobLeftGoesAlong() throws Exception {
        Running job = cli.giving("all")
                .start(Cli.job("sh", "-c", "codex exec --skip-git-repo-check x; echo ready; sleep 600"));
        standIn.endAccessTokens();
        job.awaitOutput("ready");
        Files.copy(
                cli.storeFolder().resolve("credentials/ci/previous.json"),
                cli.folder().resolve("before"));
        job.killEverything();
        job.result();
        Files.move(
                cli.folder().resolve("before"),
                cli.storeFolder().resolve("credentials/ci/current.json"),
                StandardCopyOption.REPLACE_EXISTING);

        Result moved = cli.run("store", "copy", old, next);

        assertThat(moved.exitCode()).as(moved.toString()).isZero();
        standIn.endAccessTokens();
        assertThat(cli.with("CODEX_AUTH_STORE", next).runCodex().exitCode()).isZero();
    }

    @Test
    void whereTheNameIsTakenOrTheLoginIsInUseNothingChanges() {
        Login other = standIn.newLogin(Duration.ofDays(3));
        Path seed = cli.write("other.json", other.authJson());
        assertThat(cli.run("seed", "--id", "ci", "--seed-file", seed.toString(), "--store", next)
                        .exitCode())
                .isZero();

        Result taken = cli.run("store", "copy", old, next);
        Running job = cli.start(Cli.job("sh", "-c", "echo started; cat " + cli.makeFifo()));
        job.awaitOutput("started");
        Result busy = cli.run("store", "copy", old, next);
        cli.openFifo();

        assertThat(taken.exitCode()).isEqualTo(78);
        assertThat(taken.err()).contains("has a login 'ci' already");
        assertThat(busy.exitCode()).isEqualTo(75);
        assertThat(job.result().exitCode()).isZero();
        assertThat(cli.run("status").out()).doesNotContain("MOVED");
    }

    @Test
    void aLoginGoesIntoADatabaseEncryptedOrNotAtAll() throws IOException {
        try (RealPostgresql server = RealPostgresql.start()) {
            Result prepared = cli.with("CODEX_AUTH_STORE_PASSWORD", RealPostgresql.OWNER_PASSWORD)
                    .run("store", "init", "--store", server.address("owner"), "--runner-role", "runner");
            prepared.out().lines().forEach(server::admin);
            String database = server.address("runner").replaceAll("[?&]plaintext=allowed", "");
            Path identity = cli.folder().resolve("identity.txt");
            assertThat(cli.run("keygen", "--output", identity.toString()).exitCode())
                    .isZero();
            Cli operator = cli.with("CODEX_AUTH_TO_PASSWORD", RealPostgresql.RUNNER_PASSWORD);

            Result open = operator.run("store", "copy", old, database);
            assertThat(open.exitCode()).as(open.toString()).isEqualTo(69);
            assertThat(open.err()).contains("would lie unencrypted");
            assertThat(cli.run("status").out()).doesNotContain("MOVED");

            Result sealed = operator.run("store", "copy", old, database, "--age-identity-file", identity.toString());
            assertThat(sealed.exitCode()).as(sealed.toString()).isZero();
            Result job = cli.with("CODEX_AUTH_STORE", database)
                    .with("CODEX_AUTH_STORE_PASSWORD", RealPostgresql.RUNNER_PASSWORD)
                    .with("CODEX_AUTH_AGE_IDENTITY_FILE", identity.toString())
                    .runCodex();
            assertThat(job.exitCode()).as(job.toString()).isZero();
        }
    }

    @Test
    void wordsThatMakeNoSenseAreTold() {
        for (String[] words : new String[][] {
            {"store", "copy", old}, {"store", "copy", old, old}, {"store", "move", old, next}, {"store", "init", old}
        }) {
            Result wrong = cli.run(words);
            assertThat(wrong.exitCode()).as(wrong.toString()).isEqualTo(64);
            assertThat(wrong.err()).contains("hint: ");
        }
    }
}
