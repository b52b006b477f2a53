package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Caller;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.standin.StandIn.Event.LoginCall;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * OpenAI's rule: nobody but Codex calls the token endpoint. What the kernel knows of each caller is the proof, since a
 * user agent can be written by anybody.
 */
class OnlyCodexCallsIT extends OnOneMachine {
    private static final String TELL_THE_HOME = "echo \"home=$CODEX_HOME\"; codex exec --skip-git-repo-check hi";

    @ParameterizedTest
    @ValueSource(strings = {"access", "all"})
    void beforeTheJob(String give) throws IOException {
        cli.seed(standIn.newLogin(Duration.ofHours(-1)));

        Result result = cli.giving(give).runCodex();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertOneRefreshByCodex();
    }

    @Test
    void inAJobThatHasAccessItIsTheHelpersCodexInAHomeThatTheJobIsNotToldOf() throws IOException {
        cli.seed(standIn.newLogin(Duration.ofDays(9)));
        standIn.endAccessTokens();

        Result result = cli.runJob("sh", "-c", TELL_THE_HOME);

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(assertOneRefreshByCodex()).isNotEqualTo(home(result));
    }

    @Test
    void inAJobThatHasTheWholeLoginItIsTheJobsOwn() throws IOException {
        cli.seed(standIn.newLogin(Duration.ofDays(9)));
        standIn.endAccessTokens();

        Result result = cli.giving("all").runJob("sh", "-c", TELL_THE_HOME);

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(assertOneRefreshByCodex()).isEqualTo(home(result));
    }

    @ParameterizedTest
    @ValueSource(strings = {"keepalive --within 30d --id ci", "restore --timeout 30d --id ci"})
    void whatRefreshesWithoutAJob(String command) throws IOException {
        cli.seed(standIn.newLogin(Duration.ofDays(9)));

        Result result = cli.run(command.split(" "));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertOneRefreshByCodex();
    }

    /** Answers the {@code CODEX_HOME} of whoever called. */
    private Path assertOneRefreshByCodex() throws IOException {
        List<LoginCall> calls = standIn.events(LoginCall.class);
        assertThat(calls).hasSize(1);
        assertThat(calls.get(0).path()).isEqualTo("/oauth/token");
        assertThat(calls.get(0).userAgent())
                .matches("codex[_-].*/" + RealCodex.get().version() + " .*");
        Caller caller = calls.get(0).caller().orElseThrow();
        assertThat(caller.program()).isEqualTo(RealCodex.get().binary().toRealPath());
        assertThat(caller.codexHome()).isPresent();
        assertThat(caller.codexHome().orElseThrow().startsWith(cli.storeFolder().toRealPath()))
                .as(caller.toString())
                .isTrue();
        return caller.codexHome().orElseThrow();
    }

    private static Path home(Result result) {
        return Path.of(result.out().replaceAll("(?s).*home=(\\S+).*", "$1"));
    }
}
