package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.standin.Gate;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.standin.RefreshAnswer;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A refresh of the job's own Codex ({@code --give all}) that is under way when something ends is seen, however Codex
 * was started and whatever lies between it and the server.
 */
class RefreshUnderWayIT extends OnOneMachine {
    private static final String EXEC = " exec --skip-git-repo-check hi";

    private final Gate answer = new Gate();
    private Login login;

    /** Its first model call gets a 401, upon which Codex refreshes; the answer is held back. */
    @BeforeEach
    void seedALoginThatIsRefreshedInTheJob() {
        cli = cli.giving("all");
        login = standIn.newLogin(Duration.ofDays(9));
        cli.seed(login);
        standIn.endAccessTokens();
        standIn.nextRefresh(new RefreshAnswer.Late(answer));
    }

    @AfterEach
    void noTokenWasLostOrUsedTwice() {
        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(standIn.events(Reused.class)).isEmpty();
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @ParameterizedTest
    @CsvSource({
        "TERM, exec codex" + EXEC,
        "TERM, CODEX_HOME=\"$CODEX_HOME/\" exec codex" + EXEC,
        "INT,  CODEX_HOME=\"$CODEX_HOME/\" exec codex" + EXEC,
        "TERM, ln -s \"$CODEX_HOME\" link; CODEX_HOME=\"$PWD/link\" exec codex" + EXEC,
        "TERM, cd \"$CODEX_HOME\"; CODEX_HOME=. exec codex" + EXEC + " -C \"$OLDPWD\"",
        "TERM, exec ../other/bin/.codex-wrapped" + EXEC,
        "TERM, exec ../other/bin/assistant" + EXEC,
        "TERM, HTTP_PROXY=127.0.0.1:PORT http_proxy=127.0.0.1:PORT exec codex" + EXEC,
        "TERM, HTTP_PROXY=http://us%er:p@ss@127.0.0.1:PORT/ exec codex" + EXEC,
        "TERM, HTTPS_PROXY=http://my_proxy:3128 ALL_PROXY=//127.0.0.1:PORT NO_PROXY=127.0.0.1 exec codex" + EXEC,
    })
    void aSignalWaitsForIt(String signal, String script) throws IOException {
        for (String name : List.of(".codex-wrapped", "assistant")) {
            if (script.contains(name)) {
                installAs(name);
            }
        }
        Running running = cli.start(Cli.job("sh", "-c", script.replace("PORT", Integer.toString(standIn.port()))));
        answer.awaitReached();
        ProcessHandle codex = codex(running);

        running.signal(signal);
        await().during(Duration.ofMillis(500)).atMost(Duration.ofSeconds(3)).until(codex::isAlive);
        answer.open();

        Result result = running.result();
        assertThat(result.err()).as(result.toString()).contains("stored as generation 2");
    }

    @Test
    void theEndOfAJobWaitsForTheCodexItLeftBehindAsLongAsTheServerTakes() {
        Running running = cli.start(Cli.job("sh", "-c", "codex" + EXEC + " > log 2>&1 & read go < " + cli.makeFifo()));
        answer.awaitReached();
        cli.openFifo();
        running.awaitOutput("may be refreshing the login; waiting for it");

        await().during(Duration.ofSeconds(6)).atMost(Duration.ofSeconds(10)).until(running::isAlive);
        answer.open();

        Result result = running.result();
        assertThat(result.exitCode()).as(result.toString()).isZero();
    }

    @Test
    void aSignalHurriesTheEndOfAJobWhoseCodexIsOnlyTalkingToTheModel() {
        Gate model = new Gate();
        standIn.nextModelCall(401);
        standIn.nextModelCall(401);
        standIn.nextModelCall(model);
        answer.open();
        Running running = cli.start(Cli.job("sh", "-c", "codex" + EXEC + " > log 2>&1 & read go < " + cli.makeFifo()));
        model.awaitReached();
        cli.openFifo();
        running.awaitOutput("may be refreshing the login; waiting for it");

        running.signal("TERM");
        Result result = running.result();
        model.open();

        assertThat(result.err()).as(result.toString()).contains("ended 1 Codex process that outlived the job");
        assertThat(folder.resolve("state/codex-auth/homes/ci")).isEmptyDirectory();
    }

    /** The job itself, since its shell made way for Codex. */
    private static ProcessHandle codex(Running running) {
        return running.handle()
                .descendants()
                .filter(process -> process.info()
                        .command()
                        .filter(command -> command.matches(".*/(codex|\\.codex-wrapped|assistant)"))
                        .isPresent())
                .findFirst()
                .orElseThrow();
    }

    /** The same Codex under another name, with what it needs beside it. */
    private void installAs(String name) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("other/bin"));
        Path binary = RealCodex.get().binary();
        Path resources = bin.resolveSibling("codex-resources");
        if (Files.notExists(resources)) {
            Files.createSymbolicLink(resources, binary.getParent().resolveSibling("codex-resources"));
        }
        try {
            Files.createLink(bin.resolve(name), binary);
        } catch (IOException otherDisk) {
            Files.copy(binary, bin.resolve(name));
        }
    }
}
