package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn.Event.ModelCall;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that the model runs see neither the login nor the key, and can still do their work. */
class ModelCommandsIT extends OnOneMachine {
    @ParameterizedTest
    @ValueSource(strings = {"nothing", "access", "all"})
    void aCommandOfTheModelCannotReadTheLoginAndCanWriteTheWorkspace(String give) {
        Login login = standIn.newLogin(Duration.ofDays(9));
        cli.seed(login);
        standIn.orderCommand("echo begin; cat $CODEX_HOME/auth.json; cat " + cli.storeFolder()
                + "/credentials/ci/current.json; env; echo work > made-by-the-model; cat made-by-the-model; echo end");

        Result result = cli.giving(give).runCodex();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.commandOutputs()).as(result.toString()).hasSize(1);
        String output = standIn.commandOutputs().get(0);
        assertThat(output).contains("begin", "end", "\nwork\n").doesNotContain("\"authJson\"");
        assertThat(standIn.everyTokenIssued()).noneMatch(output::contains);
    }

    @Test
    void aCommandOfTheModelDoesNotSeeTheKeyInItsEnvironment() {
        String key = standIn.newApiKey();
        Path file = cli.write("key", key);
        standIn.orderCommand("echo begin; env; cat " + file + "; echo end");

        Result result = cli.run(java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("run", "--api-key-file", file.toString(), "--"),
                        java.util.stream.Stream.of(Cli.codexExec()))
                .toArray(String[]::new));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.commandOutputs()).hasSize(1);
        assertThat(standIn.commandOutputs().get(0)).contains("begin", "end").doesNotContain(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--ephemeral", "--dangerously-bypass-approvals-and-sandbox"})
    void theTokensOfTheCiAreTheJobsAndNotTheModels(String flag) {
        cli.seed(standIn.newLogin(Duration.ofDays(9)));
        standIn.orderCommand("echo begin; env; echo end");
        Cli job = jobWithTokens();

        Result result = job.runJob(Cli.codexExec(flag));
        Result itself = job.runJob("env");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.commandOutputs()).hasSize(1);
        assertThat(standIn.commandOutputs().get(0))
                .contains("begin", "HARMLESS=seen", "end")
                .doesNotContain("ghs_", "ghp_", "eyJ.");
        assertThat(itself.out()).contains("GITHUB_TOKEN=ghs_ofTheJob", "GH_TOKEN=ghp_ofSomebody");
    }

    @Test
    void theTokensThatTheJobAsksForAreShownToTheModelAndNoOthers() {
        cli.seed(standIn.newLogin(Duration.ofDays(9)));
        standIn.orderCommand("echo begin; env; echo end");

        Result result = jobWithTokens()
                .with("CODEX_AUTH_EXPOSE", "GITHUB_TOKEN, CI_JOB_JWT_V2")
                .runCodex();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.commandOutputs()).hasSize(1);
        assertThat(standIn.commandOutputs().get(0))
                .contains("GITHUB_TOKEN=ghs_ofTheJob", "CI_JOB_JWT_V2=eyJ.ofGitLab")
                .doesNotContain("MY_NAME_FOR_IT", "ghp_", "eyJ.request");
    }

    @Test
    void whatIsNoNameOfAVariableIsNotExposed() {
        cli.seed(standIn.newLogin(Duration.ofDays(9)));

        Result result = cli.run("run", "--id", "ci", "--expose", "GITHUB_*", "--", "true");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(64);
        assertThat(result.err()).contains("hint: write it like: --expose GITHUB_TOKEN,GH_TOKEN");
    }

    private Cli jobWithTokens() {
        return cli.inGitHubActions()
                .giving("access")
                .with("GITHUB_TOKEN", "ghs_ofTheJob")
                .with("MY_NAME_FOR_IT", "ghs_ofTheJob")
                .with("GH_TOKEN", "ghp_ofSomebody")
                .with("CI_JOB_JWT_V2", "eyJ.ofGitLab")
                .with("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "eyJ.request")
                .with("HARMLESS", "seen");
    }

    @Test
    void aConfigOfTheUsersOwnKeepsItsSettingsAndTheProtection() {
        cli.seed(standIn.newLogin(Duration.ofDays(9)));
        cli.write("config.toml", io.github.codexauth.standin.RealCodex.config(standIn) + """
                [shell_environment_policy]
                exclude = ["MY_OWN_*"]
                [mcp_servers."my server"]
                command = "true"
                enabled = false
                """);
        standIn.orderCommand("echo begin; env; cat $CODEX_HOME/config.toml; cat $CODEX_HOME/auth.json; echo end");

        Result result = cli.with("MY_OWN_SETTING", "hide me").runCodex();
        Result config = cli.runJob("sh", "-c", "cat $CODEX_HOME/config.toml");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.commandOutputs().get(0)).contains("begin", "end").doesNotContain("hide me", "refresh_token");
        assertThat(config.out()).contains("my server", "MY_OWN_*", "CODEX_API_KEY");
    }

    @Test
    void aConfigThatWouldSwitchTheProtectionOffIsRefusedWithItsLine() {
        cli.seed(standIn.newLogin(Duration.ofDays(9)));
        Path config = cli.write("config.toml", "model = \"gpt-5\"\nsandbox_mode = \"danger-full-access\"\n");

        Result result = cli.runJob("true");

        assertThat(result.exitCode()).isEqualTo(78);
        assertThat(result.err()).contains("error: " + config + ", line 2: sandbox_mode would switch off");
    }

    /** Whoever changes the repository would decide what the model's commands may read. */
    @Test
    void aConfigThatTrustsTheProjectsOwnIsRefusedAndOneThatDoesNotIsSafeFromIt() throws IOException {
        cli.seed(standIn.newLogin(Duration.ofDays(9)));
        Path project = Files.createDirectories(folder.resolve("work/.codex"));
        Files.writeString(project.resolve("config.toml"), "default_permissions = \":workspace\"\n");
        String usual = io.github.codexauth.standin.RealCodex.config(standIn);
        standIn.orderCommand("echo begin; cat $CODEX_HOME/auth.json; echo end");

        Result safe = cli.runCodex();
        Path config = cli.write(
                "config.toml", usual + "[projects.\"" + folder.resolve("work") + "\"]\ntrust_level = \"trusted\"\n");
        Result refused = cli.runCodex();

        assertThat(safe.exitCode()).as(safe.toString()).isZero();
        assertThat(standIn.commandOutputs()).hasSize(1);
        assertThat(standIn.commandOutputs().get(0)).contains("begin", "end").doesNotContain("refresh_token");
        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(78);
        assertThat(refused.err())
                .contains("error: " + config + ", line " + (usual.lines().count() + 2)
                        + ": a trusted project's own .codex/config.toml");
    }

    @Test
    void theKeysOfProvidersAndServersThatTheUserBringsAlongAreHidden() {
        String key = standIn.newApiKey();
        cli.write("config.toml", """
                model = "gpt-5"
                model_provider = "acme"
                [model_providers.acme]
                name = "acme"
                base_url = "%s/v1"
                wire_api = "responses"
                env_key = "ACME_ACCESS"
                env_http_headers = {"X-Acme" = "ACME_HEADER"}
                [mcp_servers.acme]
                url = "%s/mcp"
                bearer_token_env_var = "ACME_BEARER"
                enabled = false
                """.formatted(standIn.url(), standIn.url()));
        standIn.orderCommand("echo begin; env; echo end");

        Result result = cli.with("CODEX_AUTH_API_KEY", standIn.newApiKey())
                .with("ACME_ACCESS", key)
                .with("ACME_HEADER", "hidden-header")
                .with("ACME_BEARER", "hidden-bearer")
                .with("ACME_REGION", "shown")
                .run(java.util.stream.Stream.concat(
                                java.util.stream.Stream.of("run", "--"), java.util.stream.Stream.of(Cli.codexExec()))
                        .toArray(String[]::new));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.events(ModelCall.class)).last().isEqualTo(new ModelCall(key, 200));
        assertThat(standIn.commandOutputs()).as(result.toString()).hasSize(1);
        assertThat(standIn.commandOutputs().get(0))
                .contains("begin", "ACME_REGION=shown", "end")
                .doesNotContain(key, "hidden-header", "hidden-bearer");
    }
}
