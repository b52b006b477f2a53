package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a refreshed file says of itself, and whatever happens to the store: the newest login is the one that goes
 * on.
 */
class LineageIT extends OnOneMachine {
    @AfterEach
    void noTokenWasEverUsedTwice() {
        assertThat(standIn.events(Reused.class)).isEmpty();
    }

    @Test
    void aTokenThatLooksAMinuteOlderThanTheStoredOneIsStored() {
        Login login = standIn.newLogin(Duration.ofHours(-1));
        standIn.accessTokensLast(Duration.ofDays(30));
        standIn.clockIsLate(Duration.ofDays(5).plusMinutes(1));
        cli.seed(login);

        assertGoesOn(login);
    }

    /** One claim that OpenAI changes must not end every login. */
    @ParameterizedTest(name = "[{0}]")
    @ValueSource(strings = {"", "user-of-another-form"})
    void aChangedOrMissingUserIdIsStored(String userId) {
        Login login = standIn.newLogin(Duration.ofHours(-1));
        cli.seed(login);
        login.userIs(userId);

        assertGoesOn(login);
    }

    @Test
    void aUserIdThatAppearsIsStored() {
        Login login = standIn.newLogin("acc-1", "", Duration.ofHours(-1));
        cli.seed(login);
        login.userIs("user-1");

        assertGoesOn(login);
    }

    /** The stored file was written by a machine whose clock is most of a day ahead. */
    @Test
    void opaqueTokensAreStoredWhateverTheClocksSay() {
        Login login = standIn.newLogin(Duration.ofDays(9));
        login.accessTokensAreOpaque();
        String file = new String(standIn.refreshUnseen(login), StandardCharsets.UTF_8);
        String issued = "\"last_refresh\" : \"" + login.current().issuedAt();
        assertThat(file).contains(issued);
        Path fast = cli.write(
                "fast.json",
                file.replace(issued, "\"last_refresh\" : \"" + Instant.now().plus(Duration.ofHours(20))));
        assertThat(cli.run("seed", "--id", "ci", "--seed-file", fast.toString()).exitCode())
                .isZero();
        standIn.endAccessTokens();

        assertGoesOn(login);
    }

    private void assertGoesOn(Login login) {
        Result result = cli.runCodex();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err()).contains("stored as generation 2");
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());

        standIn.endAccessTokens();
        Result next = cli.runCodex();
        assertThat(next.err()).as(next.toString()).doesNotContain("put aside");
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    /** The seed's token was used up at the first refresh. */
    @ParameterizedTest(name = "--give {0}")
    @ValueSource(strings = {"access", "all"})
    void aStoreThatLostItsLoginDuringAJobHasItBackAndTheOldSeedIsNotUsedAgain(String give) {
        Login login = standIn.newLogin(Duration.ofHours(-1));
        Path seed = cli.write("seed.json", login.authJson());
        String[] job = {
            "run",
            "--id",
            "ci",
            "--seed-file",
            seed.toString(),
            "--",
            "sh",
            "-c",
            "rm " + current() + "; " + String.join(" ", Cli.codexExec()).replace("say done", "hi")
        };

        Result lost = cli.giving(give).run(job);
        Result next = cli.giving(give).run(job);

        assertThat(lost.exitCode()).as(lost.toString()).isZero();
        assertThat(lost.err()).contains("warning: the store had lost its login; it was taken from this job");
        assertThat(next.err()).contains("the given login was not used");
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
        assertThat(standIn.rotations()).isEqualTo(1);
    }

    @Test
    void anEmptyStoreTakesAKilledJobsLoginAndNotTheOldSeed() throws IOException {
        Login login = standIn.newLogin(Duration.ofHours(-1));
        cli.seed(login);
        Path seed = folder.resolve("seed.json");
        assertThat(cli.giving("all").runJob("sh", "-c", "kill -9 $PPID").exitCode())
                .isEqualTo(137);
        Files.delete(current());
        Files.deleteIfExists(current().resolveSibling("previous.json"));

        Result result = cli.run("run", "--id", "ci", "--seed-file", seed.toString(), "--", "true");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err()).contains("warning: the store had lost its login; it was taken from the rescue copy");
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
        assertThat(standIn.rotations()).isEqualTo(1);
    }

    @ParameterizedTest(name = "--give {0}")
    @ValueSource(strings = {"access", "all"})
    void rescueWorksWhileTheStoredRecordIsDamaged(String give) throws IOException {
        Login login = standIn.newLogin(Duration.ofDays(9));
        cli.seed(login);
        standIn.endAccessTokens();
        String refresh = String.join(" ", Cli.codexExec()).replace("say done", "hi");

        Result damaged = cli.giving(give).runJob("sh", "-c", "echo { > " + current() + "; " + refresh);
        Result refused = cli.runJob("true");
        Result rescued = cli.run("rescue", "--id", "ci");

        assertThat(damaged.exitCode()).as(damaged.toString()).isEqualTo(74);
        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(69);
        assertThat(refused.err()).contains("take it: codex-auth rescue --id ci");
        assertThat(rescued.exitCode()).as(rescued.toString()).isZero();
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
        assertThat(cli.runCodex().exitCode()).isZero();
    }

    private Path current() {
        return cli.storeFolder().resolve("credentials/ci/current.json");
    }
}
