package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.standin.RefreshAnswer;
import io.github.codexauth.standin.StandIn.Event.AwaitedPerson;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code codex-auth seed --device}: a person without a browser on this machine signs in, and the store has the login.
 */
class DeviceLoginIT extends OnOneMachine {
    private Cli machine;

    /** The real Codex, which has an option for the server where people sign in, and no variable. */
    @BeforeEach
    void codexThatSignsInAtTheStandIn() throws IOException {
        Path programs = Files.createDirectory(cli.folder().resolve("programs"));
        Path codex = Files.writeString(programs.resolve("codex"), """
                #!/bin/sh
                if [ "$1" = login ]; then set -- "$@" --experimental_issuer %s; fi
                exec %s/codex "$@"
                """.formatted(
                        standIn.issuer(), RealCodex.get().folder()));
        Files.setPosixFilePermissions(codex, PosixFilePermissions.fromString("rwxr-xr-x"));
        machine = cli.withFirstOnPath(programs);
    }

    @AfterEach
    void noTokenWasUsedTwice() {
        assertThat(standIn.events(Reused.class)).isEmpty();
    }

    @Test
    void aPersonSignsInOnAnotherDeviceAndJobsHaveTheLogin() {
        Login login = standIn.newLogin(Duration.ofDays(3));

        Running seeding = machine.start("seed", "--id", "ci", "--device", "--json");
        awaitCode();
        standIn.enterCode(login);
        Result seeded = seeding.result();

        assertThat(seeded.exitCode()).as(seeded.toString()).isZero();
        assertThat(seeded.err()).contains(standIn.issuer() + "/codex/device", "ABCD-EFGH", "generation 1 of 'ci'");
        assertThat(seeded.out()).startsWith("{").contains("\"generation\" : 1");
        assertThat(seeded.out() + seeded.err())
                .doesNotContain(login.current().refreshToken(), login.current().accessToken());
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
        assertThat(machine.runCodex().exitCode()).isZero();
        assertNoHomeIsLeft();
    }

    @Test
    void aNewLoginTakesThePlaceOfOneThatHasEnded() {
        Login dead = standIn.newLogin("acme", "bot", Duration.ofDays(-1));
        cli.seed(dead);
        // Codex asks once more.
        standIn.nextRefresh(new RefreshAnswer.Fail(401, "refresh_token_expired"));
        standIn.nextRefresh(new RefreshAnswer.Fail(401, "refresh_token_expired"));
        assertThat(cli.run("keepalive", "--id", "ci").exitCode()).isEqualTo(65);
        standIn.forgetNextRefreshes();

        Running seeding = machine.start("seed", "--id", "ci", "--device");
        awaitCode();
        standIn.enterCode(standIn.newLogin("acme", "bot", Duration.ofDays(3)));

        assertThat(seeding.result().exitCode()).isZero();
        assertThat(machine.runCodex().exitCode()).isZero();
        assertThat(cli.run("status").out()).doesNotContain("DEAD");
    }

    @Test
    void aLoginThatTheStoreMustNotTakeIsKeptForThePersonToDecide() {
        Login stored = standIn.newLogin(Duration.ofDays(3));
        cli.seed(stored);
        Login other = standIn.newLogin(Duration.ofDays(3));

        Running seeding = machine.start("seed", "--id", "ci", "--device");
        awaitCode();
        standIn.enterCode(other);
        Result refused = seeding.result();

        assertThat(refused.exitCode()).isEqualTo(65);
        assertThat(refused.err()).contains("another account or user", "put aside in", "codex-auth rescue");
        assertThat(Stored.refreshToken(cli)).isEqualTo(stored.current().refreshToken());
        assertThat(cli.run("rescue", "--force", "--id", "ci").exitCode()).isZero();
        assertThat(Stored.refreshToken(cli)).isEqualTo(other.current().refreshToken());
    }

    @Test
    void nobodyIsAskedToSignInForAStoreThatCouldNotTakeTheLogin() throws IOException {
        cli.seed(standIn.newLogin(Duration.ofDays(3)));
        Files.writeString(cli.storeFolder().resolve("credentials/ci/current.json"), "torn");

        Result damaged = machine.run("seed", "--id", "ci", "--device");

        assertThat(damaged.exitCode()).as(damaged.toString()).isEqualTo(69);
        assertThat(damaged.err()).doesNotContain("ABCD-EFGH");
    }

    @Test
    void aPersonWhoGivesUpLeavesNothing() {
        Running seeding = machine.start("seed", "--id", "ci", "--device");
        awaitCode();
        seeding.signal("INT");
        Result ended = seeding.result();

        assertThat(ended.exitCode()).as(ended.toString()).isEqualTo(130);
        assertThat(ended.err()).contains("nothing was stored");
        assertNoHomeIsLeft();
        assertThat(cli.run("status").out()).contains("no credential yet");
    }

    @Test
    void aPersonWhoGivesUpWaitingForABusyLoginFindsTheNewOneAgain() {
        cli.seed(standIn.newLogin("acme", "bot", Duration.ofDays(1)));
        Login fresh = standIn.newLogin("acme", "bot", Duration.ofDays(3));
        Running seeding = machine.start("seed", "--id", "ci", "--device");
        awaitCode();
        Running job = cli.start(Cli.job("sh", "-c", "echo started; cat " + cli.makeFifo()));
        job.awaitOutput("started");
        standIn.enterCode(fresh);
        seeding.awaitOutput("waiting: ");

        seeding.signal("INT");
        Result ended = seeding.result();
        cli.openFifo();

        assertThat(ended.exitCode()).as(ended.toString()).isEqualTo(130);
        assertThat(ended.err()).contains("put aside in");
        assertThat(job.result().exitCode()).isZero();
        assertThat(cli.run("rescue", "--force", "--id", "ci").exitCode()).isZero();
        assertThat(Stored.refreshToken(cli)).isEqualTo(fresh.current().refreshToken());
    }

    @Test
    void codexsOwnFailureIsToldAsSuch() {
        standIn.close();

        Result failed = machine.run("seed", "--id", "ci", "--device");

        assertThat(failed.exitCode()).as(failed.toString()).isEqualTo(65);
        assertThat(failed.err()).contains("Codex ended without a login");
        assertNoHomeIsLeft();
    }

    @Test
    void oneLoginIsGiven() {
        Path file = cli.write("seed.json", "{}");

        Result both = machine.run("seed", "--id", "ci", "--device", "--seed-file", file.toString());
        Result none = machine.run("seed", "--id", "ci");

        assertThat(both.exitCode()).isEqualTo(64);
        assertThat(both.err()).contains("--device", "--seed-file");
        assertThat(none.exitCode()).isEqualTo(64);
        assertThat(none.err()).contains("--device");
    }

    private void awaitCode() {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !standIn.events(AwaitedPerson.class).isEmpty());
    }

    private void assertNoHomeIsLeft() {
        Path homes = cli.folder().resolve("state");
        try (Stream<Path> files = Files.walk(homes)) {
            assertThat(files.filter(file -> file.endsWith("auth.json"))).isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
