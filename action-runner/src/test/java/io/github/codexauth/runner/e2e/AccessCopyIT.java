package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.standin.StandIn.Event.ModelCall;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.standin.StandIn.Event.Revoked;
import io.github.codexauth.testing.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Steps of a job that have access to a login, and no helper between them ({@code restore --give access}). */
class AccessCopyIT extends OnOneMachine {
    private static final String[] RESTORE = {"restore", "--give", "access", "--id", "ci"};

    @BeforeEach
    void letTheMachineShare() {
        cli.write("policy.yaml", """
                version: 1
                job-may-write-policy: true
                allow:
                  - platform: none
                credentials:
                  ci: {shared: true}
                """);
    }

    @AfterEach
    void noTokenWasEverUsedTwice() {
        assertThat(standIn.events(Reused.class)).isEmpty();
    }

    @Test
    void theStepsHaveAccessNothingIsHeldAndNothingHasToBeSaved() throws Exception {
        Login login = seeded(Duration.ofDays(9));

        Result restored = cli.run(RESTORE);
        String home = TwoHalvesIT.home(restored);
        Result step = codex(home, "exec", "--skip-git-repo-check", "hi");
        Result another = cli.runCodex();
        Result persisted = cli.with("CODEX_HOME", home).run("persist", "--json");

        assertThat(restored.err()).contains("the next steps have access to the login until 20", "cannot refresh it");
        assertThat(step.exitCode()).as(step.toString()).isZero();
        assertThat(another.exitCode()).as(another.toString()).isZero();
        assertThat(standIn.events(ModelCall.class))
                .hasSize(2)
                .containsOnly(new ModelCall(login.current().accessToken(), 200));
        assertThat(standIn.rotations()).isZero();
        assertThat(persisted.exitCode()).as(persisted.toString()).isZero();
        assertThat(persisted.err()).contains("there is nothing to save");
        assertThat(persisted.out()).contains("\"refreshed\" : false");
        assertThat(Path.of(home)).doesNotExist();
    }

    @Test
    void theRefreshTokenIsNowhereInTheHomeAndItsOwnerAloneCanReadIt() throws Exception {
        Login login = seeded(Duration.ofDays(9));

        Path home = Path.of(TwoHalvesIT.home(cli.run(RESTORE)));

        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file))
                        .doesNotContain(login.current().refreshToken());
            }
        }
        assertThat(Files.getPosixFilePermissions(home)).hasSize(3);
        assertThat(Files.getPosixFilePermissions(home.resolve("auth.json"))).hasSize(2);
    }

    @Test
    void anAccessTokenThatWouldNotLastIsRefreshedBefore() throws Exception {
        Login login = seeded(Duration.ofMinutes(40));

        String home = TwoHalvesIT.home(cli.run("restore", "--give", "access", "--id", "ci", "--timeout", "1h"));

        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
        assertThat(Path.of(home, "auth.json"))
                .content()
                .contains(login.current().accessToken());
    }

    @Test
    void inAGitHubStepTheLaterOnesAreToldAndThePostStepRemovesTheHome() {
        seeded(Duration.ofDays(9));
        Path outputs = cli.write("outputs", "");
        Path state = cli.write("step-state", "");
        Cli step = cli.inGitHubActions()
                .with("GITHUB_OUTPUT", outputs.toString())
                .with("GITHUB_STATE", state.toString())
                .with("INPUT_ID", "ci")
                .with("INPUT_GIVE", "access")
                .withEtc("codex-auth/policy.yaml", """
                        version: 1
                        job-may-write-policy: true
                        allow: [{platform: github}]
                        credentials: {ci: {shared: true}}
                        """);

        String home = TwoHalvesIT.home(step.run("action"));
        Result post = step.with("STATE_home", home).run("action", "--post");

        assertThat(outputs)
                .content()
                .contains("refreshed=false\n", "saved=true\n", "expires-at=20", "codex-home=" + home + "\n");
        assertThat(state).content().isEqualTo("home=" + home + "\n");
        assertThat(post.exitCode()).as(post.toString()).isZero();
        assertThat(post.err()).contains("there is nothing to save");
        assertThat(Path.of(home)).doesNotExist();
    }

    @Test
    void whenTheAccessTokenHasEndedTheStepFailsAndTheLoginLives() throws Exception {
        Login login = seeded(Duration.ofDays(9));
        String home = TwoHalvesIT.home(cli.run(RESTORE));
        standIn.endAccessTokens();

        Result step = codex(home, "exec", "--skip-git-repo-check", "hi");
        int rotationsByTheStep = standIn.rotations();
        Result after = cli.runCodex();

        assertThat(step.exitCode()).as(step.toString()).isEqualTo(1);
        assertThat(step.err()).contains("sign in again");
        assertThat(rotationsByTheStep).isZero();
        assertThat(after.exitCode()).as(after.toString()).isZero();
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @Test
    void aStepThatLogsOutRevokesNothing() throws Exception {
        seeded(Duration.ofDays(9));
        String home = TwoHalvesIT.home(cli.run(RESTORE));

        Result logout = codex(home, "logout");
        Result after = cli.runCodex();

        assertThat(logout.exitCode()).as(logout.toString()).isZero();
        assertThat(standIn.events(Revoked.class)).isEmpty();
        assertThat(after.exitCode()).as(after.toString()).isZero();
    }

    @Test
    void withoutTheOperatorsWordAJobHasTheLoginAloneSoThereAreNoCopies() {
        seeded(Duration.ofDays(9));
        cli.write("policy.yaml", "version: 1\njob-may-write-policy: true\nallow: [{platform: none}]\n");

        Result refused = cli.run(RESTORE);

        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(77);
        assertThat(refused.err()).contains("credentials: {ci: {shared: true}}");
        assertThat(refused.out()).isEmpty();
    }

    @Test
    void whatTakesSomebodyWhoAnswersCodexCannotBeLeftToLaterSteps() {
        seeded(Duration.ofDays(9));

        Result refused = cli.run("restore", "--give", "nothing", "--id", "ci");

        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(64);
        assertThat(refused.err()).contains("takes a codex-auth that lives as long as the job");
        assertThat(refused.out()).isEmpty();
    }

    private Login seeded(Duration accessTokenLasts) {
        Login login = standIn.newLogin(accessTokenLasts);
        cli.seed(login);
        return login;
    }

    /** As a later step, with nothing of ours around it. */
    private Result codex(String home, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("env", "CODEX_HOME=" + home, RealCodex.get().binary().toString()));
        command.addAll(List.of(arguments));
        return cli.runCommand(command);
    }
}
