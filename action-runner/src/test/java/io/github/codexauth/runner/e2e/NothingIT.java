package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RefreshAnswer;
import io.github.codexauth.standin.StandIn.Event.ModelCall;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that get the use of a credential, and nothing of the credential itself ({@code --give nothing}). */
class NothingIT extends OnOneMachine {
    /** What a job leaves of all that it can see; its own folder is not searched by itself. */
    private static final String LOOK_AROUND =
            "codex exec --skip-git-repo-check hi; mkdir seen; cp -r \"$CODEX_HOME\" seen/home; env > seen/env;"
                    + " for p in /proc/[0-9]*; do cat $p/environ $p/cmdline >> seen/proc 2>/dev/null; done; true";

    @BeforeEach
    void giveNothing() {
        cli = cli.with("CODEX_AUTH_GIVE", "nothing");
    }

    @AfterEach
    void noTokenWasEverUsedTwice() {
        assertThat(standIn.events(Reused.class)).isEmpty();
    }

    @Test
    void aJobWithALoginWorksAndOpenAiSeesTheRealToken() {
        Login login = seeded(Duration.ofDays(9));

        Result result = cli.runCodex();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).contains("done");
        assertThat(result.err()).doesNotContain("codex-auth: warning");
        assertThat(standIn.events(ModelCall.class))
                .containsExactly(new ModelCall(login.current().accessToken(), 200));
        assertThat(standIn.rotations()).isZero();
    }

    @Test
    void aJobWithAKeyWorksAndOpenAiSeesTheRealKey() {
        String key = standIn.newApiKey();

        Result result = withKey(key, Cli.codexExec());

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.events(ModelCall.class)).containsExactly(new ModelCall(key, 200));
    }

    @Test
    void aJobWithAWorkspacesTokenWorksAndOpenAiSeesTheRealToken() {
        String token = standIn.newAccessToken();

        Result result = cli.with("CODEX_AUTH_ACCESS_TOKEN", token).run(run(Cli.codexExec()));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.events(ModelCall.class)).containsExactly(new ModelCall(token, 200));
    }

    @Test
    void noTokenOfALoginIsAnywhereInTheJob() throws Exception {
        Login login = seeded(Duration.ofDays(9));
        standIn.endAccessTokens();

        Result result = cli.runJob("sh", "-c", LOOK_AROUND);

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(login.states()).hasSize(2);
        assertNoSecretIsSeen();
        assertThat(folder.resolve("work/seen/home/auth.json")).content().contains("placeholder-of-codex-auth-");
    }

    @Test
    void noKeyIsAnywhereInTheJob() throws Exception {
        String key = standIn.newApiKey();

        Result result = withKey(key, "sh", "-c", LOOK_AROUND);

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertNoSecretIsSeen();
        assertThat(folder.resolve("work/seen/env")).content().contains("CODEX_API_KEY=sk-placeholder-of-codex-auth-");
    }

    @Test
    void anAccessTokenThatHasEndedOrIsRefusedIsReplacedOnTheWay() throws Exception {
        Login login = seeded(Duration.ofHours(-1));
        String exec = "codex exec --skip-git-repo-check hi";
        String fifo = cli.makeFifo();

        Running running = cli.start(Cli.job("sh", "-c", exec + " && echo between && read x < " + fifo + " && " + exec));
        running.awaitOutput("between");
        standIn.endAccessTokens();
        cli.openFifo();
        Result result = running.result();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.rotations()).isEqualTo(2);
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
        assertThat(standIn.events(ModelCall.class))
                .extracting(ModelCall::status)
                .containsExactly(200, 401, 200);
    }

    @Test
    void aDeadLoginEndsTheJobAndIsRecorded() {
        seeded(Duration.ofDays(9));
        standIn.endAccessTokens();
        standIn.nextRefresh(new RefreshAnswer.Fail(401, "refresh_token_invalidated"));
        standIn.nextRefresh(new RefreshAnswer.Fail(401, "refresh_token_invalidated"));

        Result result = cli.runCodex();
        Result next = cli.runJob("echo", "the job ran");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(next.exitCode()).isEqualTo(65);
        assertThat(next.out()).doesNotContain("the job ran");
    }

    /** The address is the session's, and so is the placeholder: neither is any use with another's other half. */
    @Test
    void whatAJobHasLearnedIsWorthNothingInAnotherSession() throws Exception {
        seeded(Duration.ofDays(9));
        cli.runJob("sh", "-c", "cp \"$CODEX_HOME/auth.json\" .");

        Result later =
                cli.runJob("sh", "-c", "cp auth.json \"$CODEX_HOME/auth.json\"; codex exec --skip-git-repo-check hi");

        assertThat(later.exitCode()).as(later.toString()).isEqualTo(1);
        assertThat(standIn.events(ModelCall.class)).isEmpty();
        assertThat(standIn.rotations()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--yolo", "--dangerously-bypass-approvals-and-sandbox", "--sandbox=danger-full-access"})
    void aJobThatSwitchesTheSandboxOffGetsPlaceholdersByItself(String flag) {
        seeded(Duration.ofDays(9));
        standIn.orderCommand("echo begin; cat $CODEX_HOME/auth.json; env; cat /proc/[0-9]*/environ; echo end");

        Result result = cli.without("CODEX_AUTH_GIVE").run(Cli.job(Cli.codexExec(flag)));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err()).contains("the job gets placeholders (--give nothing)", "' switches that off");
        assertTheModelSawNothing();
    }

    @Test
    void aJobWithoutUserNamespacesGetsPlaceholdersByItself() {
        String key = standIn.newApiKey();
        standIn.orderCommand("echo begin; env; echo end");

        Result result = cli.withoutUserNamespaces()
                .without("CODEX_AUTH_GIVE")
                .with("CODEX_AUTH_API_KEY", key)
                .run(run("sh", "-c", "codex exec --skip-git-repo-check hi; env"));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err())
                .contains(
                        "(--give nothing), since what the model runs could read its files: there are no user namespaces");
        assertThat(result.out())
                .contains("CODEX_API_KEY=sk-placeholder-of-codex-auth-")
                .doesNotContain(key);
        assertThat(standIn.events(ModelCall.class)).first().isEqualTo(new ModelCall(key, 200));
    }

    /** Codex does not start without a sandbox where it is to hide something, so it is not told to. */
    @Test
    void aJobWithALoginStartsWithoutUserNamespacesTooAndIsToldWhatIsNotHidden() {
        Login login = seeded(Duration.ofDays(9));

        Result byItself = cli.withoutUserNamespaces().without("CODEX_AUTH_GIVE").runCodex();
        Result asked = cli.withoutUserNamespaces().runCodex();

        for (Result result : new Result[] {byItself, asked}) {
            assertThat(result.exitCode()).as(result.toString()).isZero();
            assertThat(result.err())
                    .contains("warning: what the model runs can read " + cli.storeFolder(), "a user of its own");
        }
        assertThat(byItself.err()).contains("the job gets placeholders (--give nothing)");
        assertThat(asked.err()).doesNotContain("the job gets placeholders");
        assertThat(standIn.events(ModelCall.class))
                .extracting(ModelCall::credential)
                .containsExactly(login.current().accessToken(), login.current().accessToken());
    }

    @Test
    void aKindOfTokenThatCodexSignsWithIsRefused() {
        Result result = cli.with("CODEX_AUTH_ACCESS_TOKEN", "eyJhbGciOiJub25lIn0.e30.agent-identity")
                .run(run("echo", "the job ran"));

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(78);
        assertThat(result.err()).contains("has to be one that begins with at-").doesNotContain("agent-identity");
        assertThat(result.out()).isEmpty();
    }

    /** What nobody could do better is done as before; only who asks for nothing is refused. */
    @Test
    void aKindOfTokenThatCodexSignsWithIsGivenWholeWhereNobodyAsksForLess() {
        String token = "eyJhbGciOiJub25lIn0.e30.agent-identity";

        Result result = cli.without("CODEX_AUTH_GIVE")
                .with("CODEX_AUTH_ACCESS_TOKEN", token)
                .run(run(
                        "sh",
                        "-c",
                        "[ \"$CODEX_ACCESS_TOKEN\" = " + token + " ] && echo whole",
                        "--yolo",
                        "sandbox_mode="));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo("whole\n");
    }

    @Test
    void aKeyHasNoAccessThatCouldBeGivenWithoutIt() {
        Result result = cli.giving("access")
                .with("CODEX_AUTH_API_KEY", standIn.newApiKey())
                .run(run("echo", "the job ran"));

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(64);
        assertThat(result.err()).contains("error: --give access", "hint: --give nothing");
        assertThat(result.out()).isEmpty();
    }

    private void assertTheModelSawNothing() {
        assertThat(standIn.commandOutputs()).hasSize(1);
        assertThat(standIn.commandOutputs().get(0)).contains("begin", "end", "placeholder-of-codex-auth-");
        assertThat(standIn.everyTokenIssued())
                .noneMatch(standIn.commandOutputs().get(0)::contains);
    }

    private Result withKey(String key, String... command) {
        return cli.with("CODEX_AUTH_API_KEY_FILE", cli.write("key", key).toString())
                .run(run(command));
    }

    private static String[] run(String... command) {
        return Stream.concat(Stream.of("run", "--"), Stream.of(command)).toArray(String[]::new);
    }

    private Login seeded(Duration accessTokenLasts) {
        Login login = standIn.newLogin(accessTokenLasts);
        cli.seed(login);
        return login;
    }

    /** What the key's own file has is the operator's business, and not in the job's folders. */
    private void assertNoSecretIsSeen() throws Exception {
        try (Stream<Path> seen = Files.walk(folder.resolve("work/seen"))) {
            for (Path file : seen.filter(Files::isRegularFile).toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                for (String secret : standIn.everyTokenIssued()) {
                    assertThat(content.contains(secret)).as(file.toString()).isFalse();
                }
            }
        }
    }
}
