package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Gate;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RefreshAnswer;
import io.github.codexauth.standin.StandIn.Event.ModelCall;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.standin.StandIn.Event.Revoked;
import io.github.codexauth.standin.Tokens;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that get access to a login, while the login stays with codex-auth: {@code --give access}, the default. */
class AccessIT extends OnOneMachine {
    @AfterEach
    void noTokenWasEverUsedTwiceAndNothingIsLeft() {
        assertThat(standIn.events(Reused.class)).isEmpty();
        assertThat(folder.resolve("state/codex-auth/homes/ci"))
                .satisfiesAnyOf(
                        homes -> assertThat(homes).doesNotExist(),
                        homes -> assertThat(homes).isEmptyDirectory());
    }

    @Test
    void anEndedAccessTokenIsRefreshedOnceBeforeTheJob() {
        Login login = seeded(Duration.ofHours(-1));

        Result first = cli.runCodex();
        Result second = cli.runCodex();

        assertThat(first.exitCode()).as(first.toString()).isZero();
        assertThat(second.exitCode()).as(second.toString()).isZero();
        assertThat(first.err() + second.err()).doesNotContain("codex-auth: warning");
        assertThat(standIn.rotations()).isEqualTo(1);
        assertNewestIsStoredAndUsed(login);
    }

    @Test
    void anAccessTokenThatIsRefusedAtTheStartIsReplacedAndTheJobGoesOn() {
        Login login = seeded(Duration.ofDays(9));
        standIn.endAccessTokens();

        Result result = cli.runCodex();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.rotations()).isEqualTo(1);
        assertNewestIsStoredAndUsed(login);
    }

    @Test
    void anAccessTokenThatIsRefusedInTheMiddleOfTheJobIsReplacedToo() throws Exception {
        Login login = seeded(Duration.ofDays(9));
        String exec = "codex exec --skip-git-repo-check hi";
        String fifo = cli.makeFifo();

        Running running = cli.start(Cli.job("sh", "-c", exec + " && echo between && read x < " + fifo + " && " + exec));
        running.awaitOutput("between");
        standIn.endAccessTokens();
        cli.openFifo();
        Result result = running.result();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.rotations()).isEqualTo(1);
        assertNewestIsStoredAndUsed(login);
    }

    @Test
    void twoCodexProcessesWithHomesOfTheirOwnThatAskAtOnceMakeOneRefresh() {
        Login login = seeded(Duration.ofDays(9));
        standIn.endAccessTokens();

        Result result =
                cli.runJob("sh", "-c", "cp -r \"$CODEX_HOME\" second; " + bothAtOnce("CODEX_HOME=$PWD/second "));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.rotations()).isEqualTo(1);
        assertNewestIsStoredAndUsed(login);
    }

    /** Since 0.171.0 at the latest, Codex gives up a refresh under which another Codex has written the file. */
    @Test
    void twoCodexProcessesInOneHomeThatAskAtOnceLoseNoLogin() {
        Login login = seeded(Duration.ofDays(9));
        standIn.endAccessTokens();

        cli.runJob("sh", "-c", bothAtOnce(""));
        Result after = cli.runCodex();

        assertThat(after.exitCode()).as(after.toString()).isZero();
        assertThat(standIn.rotations()).isEqualTo(1);
        assertNewestIsStoredAndUsed(login);
    }

    private static String bothAtOnce(String variablesOfTheSecond) {
        String exec = "codex exec --skip-git-repo-check hi";
        return exec + " & a=$!; " + variablesOfTheSecond + exec + " & b=$!; wait $a && wait $b";
    }

    @Test
    void theRefreshTokenIsNowhereInTheJob() throws Exception {
        Login login = seeded(Duration.ofDays(9));
        standIn.endAccessTokens();

        Result result = cli.runJob(
                "sh",
                "-c",
                "codex exec --skip-git-repo-check hi; mkdir seen; cp -r \"$CODEX_HOME\" seen/home; env > seen/env;"
                        + " for p in /proc/[0-9]*; do cat $p/environ $p/cmdline >> seen/proc 2>/dev/null; done; true");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        try (Stream<Path> seen = Files.walk(folder.resolve("work/seen"))) {
            for (Path file : seen.filter(Files::isRegularFile).toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                for (Tokens state : login.states()) {
                    assertThat(content.contains(state.refreshToken()))
                            .as(file.toString())
                            .isFalse();
                }
            }
        }
        assertThat(folder.resolve("work/seen/home/auth.json"))
                .content()
                .contains(login.current().accessToken(), "placeholder-of-codex-auth-");
    }

    @Test
    void theTokensOfARefreshInTheJobAreMaskedBeforeTheJobHasThem() {
        Login login = seeded(Duration.ofDays(9));
        standIn.endAccessTokens();

        Result result = cli.inGitHubActions()
                .runJob("sh", "-c", "codex exec --skip-git-repo-check hi; cat \"$CODEX_HOME/auth.json\"");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out())
                .contains("access_token")
                .doesNotContain(login.current().accessToken());
        assertThat(result.err())
                .contains(
                        "::add-mask::" + login.current().accessToken(),
                        "::add-mask::" + login.current().idToken());
    }

    /** The helper's Codex is not the job's: what ends the job does not reach it. */
    @Test
    void aSignalReachesTheJobAtOnceWhileTheHelperGoesOnRefreshing() throws Exception {
        Login login = seeded(Duration.ofDays(9));
        standIn.endAccessTokens();
        Gate gate = new Gate();
        standIn.nextRefresh(new RefreshAnswer.Late(gate));
        Running running = cli.start(Cli.job(
                "sh", "-c", "trap 'echo told; exit 9' TERM; codex exec --skip-git-repo-check hi & wait; echo no"));
        gate.awaitReached();

        running.signal("TERM");
        running.awaitOutput("told");
        gate.open();
        Result result = running.result();

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(9);
        assertThat(result.err()).contains("stored as generation 2");
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @Test
    void whateverTheJobDoesToItsFileTheLoginIsInTheStore() {
        Login login = seeded(Duration.ofDays(9));

        for (String misdeed : List.of(
                "rm -f \"$CODEX_HOME/auth.json\"",
                "echo '{' > \"$CODEX_HOME/auth.json\"",
                "codex logout",
                "rm -rf \"$CODEX_HOME\"",
                "kill -9 $$")) {
            cli.runJob("sh", "-c", misdeed);
        }
        standIn.endAccessTokens();
        Result after = cli.runCodex();

        assertThat(standIn.events(Revoked.class)).isEmpty();
        assertThat(after.exitCode()).as(after.toString()).isZero();
        assertNewestIsStoredAndUsed(login);
    }

    @ParameterizedTest
    @ValueSource(strings = {"access", "nothing"})
    void aHelperThatIsKilledWhileTheServerAnswersLosesNothing(String give) throws Exception {
        cli = cli.giving(give);
        Login login = seeded(Duration.ofDays(9));
        standIn.endAccessTokens();
        Gate gate = new Gate();
        standIn.nextRefresh(new RefreshAnswer.Late(gate));

        Running running = cli.start(Cli.job(Cli.codexExec()));
        gate.awaitReached();
        running.kill();
        running.result();
        gate.open();
        Result next = cli.runCodex();

        assertThat(next.exitCode()).as(next.toString()).isZero();
        assertThat(standIn.rotations()).isEqualTo(1);
        assertNewestIsStoredAndUsed(login);
    }

    @Test
    void aLoginThatDiesUnderTheJobIsRecorded() {
        seeded(Duration.ofDays(9));
        standIn.endAccessTokens();
        standIn.nextRefresh(new RefreshAnswer.Fail(401, "refresh_token_invalidated"));
        standIn.nextRefresh(new RefreshAnswer.Fail(401, "refresh_token_invalidated"));

        Result result = cli.runCodex();
        Result next = cli.runJob("echo", "the job ran");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).contains("has ended and needs a new one");
        assertThat(next.exitCode()).isEqualTo(65);
        assertThat(next.out()).doesNotContain("the job ran");
    }

    /** As a Codex does that knows the variable no longer: it goes to OpenAI with what its file has. */
    @Test
    void aCodexThatAsksOpenAiInsteadFailsAndTheLoginLives() {
        Login login = seeded(Duration.ofDays(9));
        standIn.endAccessTokens();

        Result result = cli.runJob(
                "sh",
                "-c",
                "CODEX_REFRESH_TOKEN_URL_OVERRIDE=" + standIn.tokenUrl() + " codex exec --skip-git-repo-check hi");
        int rotationsByTheJob = standIn.rotations();
        Result after = cli.runCodex();

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(rotationsByTheJob).isZero();
        assertThat(after.exitCode()).as(after.toString()).isZero();
        assertNewestIsStoredAndUsed(login);
    }

    @Test
    void aProxyDoesNotGetTheJobsQuestions() {
        Login login = seeded(Duration.ofDays(9));
        standIn.endAccessTokens();

        Result result = cli.with("HTTP_PROXY", "http://127.0.0.1:9")
                .with("http_proxy", "http://127.0.0.1:9")
                .with("NO_PROXY", "127.0.0.1")
                .runJob("sh", "-c", "codex exec --skip-git-repo-check hi; echo proxied except for $NO_PROXY");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).contains("proxied except for 127.0.0.1,127.0.0.1");
        assertNewestIsStoredAndUsed(login);
    }

    @Test
    void aKeyCannotBeGivenInPart() {
        Path key = cli.write("key", standIn.newApiKey());

        Result refused = cli.giving("access").run("run", "--api-key-file", key.toString(), "--", "echo", "the job ran");

        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(64);
        assertThat(refused.err()).contains("--give access (CODEX_AUTH_GIVE) is for logins");
        assertThat(refused.out()).isEmpty();
    }

    @Test
    void aLevelThatDoesNotExistIsRefusedBeforeAnythingIsTaken() {
        seeded(Duration.ofDays(9));

        Result refused = cli.giving("acess").runJob("echo", "the job ran");

        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(64);
        assertThat(refused.err())
                .contains("error: --give", "hint: --give access")
                .doesNotContain("acess\n");
        assertThat(refused.out()).isEmpty();
    }

    private Login seeded(Duration accessTokenLasts) {
        Login login = standIn.newLogin(accessTokenLasts);
        cli.seed(login);
        return login;
    }

    private void assertNewestIsStoredAndUsed(Login login) {
        assertThat(login.isDead()).isFalse();
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
        assertThat(standIn.events(ModelCall.class))
                .extracting(ModelCall::credential)
                .last()
                .isEqualTo(login.current().accessToken());
    }
}
