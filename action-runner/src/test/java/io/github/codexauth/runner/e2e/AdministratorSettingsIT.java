package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn.Event.ModelCall;
import io.github.codexauth.testing.Result;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The machine's administrator has written into {@code /etc/codex}, and the real Codex follows. Where that would show
 * the credential to the commands that the model runs, a job that is to have it is refused, and any other gets none of
 * it.
 */
class AdministratorSettingsIT extends OnOneMachine {
    private static final String REQUIREMENTS = "codex/requirements.toml";
    private static final String MANAGED = "codex/managed_config.toml";
    private static final String OTHER_PROFILES = """
            [allowed_permission_profiles]
            ":workspace" = true
            ":read-only" = true
            """;

    private Login login;

    @BeforeEach
    void machineWithALoginAndAModelThatWantsIt() {
        cli = cli.giving("access");
        login = standIn.newLogin(Duration.ofDays(9));
        cli.seed(login);
        standIn.orderCommand("echo begin; cat $CODEX_HOME/auth.json; cat " + cli.storeFolder()
                + "/credentials/ci/current.json; env; echo work > made-by-the-model; echo end");
    }

    @Test
    void whereReadingAloneIsAllowedTheRulesAreBuiltUponThat() {
        Result result = cli.withEtc(REQUIREMENTS, "allowed_sandbox_modes = [\"read-only\"]")
                .runCodex();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertTheModelSawNothing();
        assertThat(folder.resolve("work/made-by-the-model")).doesNotExist();
    }

    @Test
    void whereOurProfileIsNotAllowedTheJobIsRefusedUntilTheHintIsFollowed() {
        Result refused = cli.withEtc(REQUIREMENTS, OTHER_PROFILES).runCodex();

        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(78);
        assertThat(refused.err())
                .contains(
                        "error: commands that the model runs could read the credential: allowed_permission_profiles in"
                                + " /etc/codex/requirements.toml does not allow the profile 'codex-auth'",
                        "hint: as root, in /etc/codex/requirements.toml under [permissions.filesystem], add to deny_read: ");
        assertThat(standIn.events()).isEmpty();

        String paths = refused.err().replaceAll("(?s).*add to deny_read: ([^\n]*)\n.*", "$1");
        Result result = cli.withEtc(
                        REQUIREMENTS, OTHER_PROFILES + "[permissions.filesystem]\ndeny_read = [" + paths + "]\n")
                .runCodex();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertTheModelSawNothing();
    }

    @Test
    void whereOurProfileIsAllowedByItsNameItIsInForce() {
        Result result = cli.withEtc(REQUIREMENTS, OTHER_PROFILES + "codex-auth = true\n")
                .runCodex();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertTheModelSawNothing();
    }

    @ParameterizedTest
    @CsvSource({
        "sandbox_mode = \"workspace-write\", sets sandbox_mode",
        "default_permissions = \":workspace\", sets default_permissions"
    })
    void settingsThatWinOverThoseOfTheHomeAreRefused(String setting, String problem) {
        Cli machine = cli.withEtc(MANAGED, setting).giving("all");

        for (Result refused : new Result[] {
            machine.runCodex(), machine.run("restore", "--id", "ci"), machine.run("keepalive", "--id", "ci")
        }) {
            assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(78);
            assertThat(refused.err()).contains("/etc/codex/managed_config.toml " + problem);
        }
        assertThat(standIn.events()).isEmpty();
    }

    @Test
    void aKeyStaysHiddenInItsVariableAndIsRefusedInAFileThatNothingHides() {
        Cli machine = cli.withEtc(REQUIREMENTS, OTHER_PROFILES);
        String key = standIn.newApiKey();

        Result byVariable =
                machine.with("CODEX_AUTH_API_KEY", key).giving("all").run(keyJob());
        Result byFile = machine.giving("all")
                .run(keyJob("--api-key-file", cli.write("key", key).toString()));

        assertThat(byVariable.exitCode()).as(byVariable.toString()).isZero();
        assertThat(standIn.events(ModelCall.class)).last().isEqualTo(new ModelCall(key, 200));
        assertThat(standIn.commandOutputs()).hasSize(1);
        assertThat(standIn.commandOutputs().get(0)).contains("begin", "end").doesNotContain(key);
        assertThat(byFile.exitCode()).as(byFile.toString()).isEqualTo(78);
        assertThat(byFile.err()).contains("add to deny_read: \"" + folder.resolve("key") + "\"");
    }

    @Test
    void aListOfVariablesThatTakesOursAwayIsRefusedForAKey() {
        String key = standIn.newApiKey();

        Result result = cli.withEtc(MANAGED, "[shell_environment_policy]\nexclude = [\"ACME_*\"]")
                .with("CODEX_AUTH_API_KEY", key)
                .giving("all")
                .run(keyJob());

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(78);
        assertThat(result.err())
                .contains(
                        "error: commands that the model runs would see CODEX_API_KEY: /etc/codex/managed_config.toml sets")
                .doesNotContain(key);
        assertThat(standIn.events()).isEmpty();
    }

    @Test
    void whoDoesNotSayWhatTheJobIsToHaveGetsPlaceholdersThere() {
        standIn.orderCommand("echo begin; cat $CODEX_HOME/auth.json; env; echo end");

        Result result = cli.withEtc(REQUIREMENTS, OTHER_PROFILES)
                .without("CODEX_AUTH_GIVE")
                .runCodex();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err())
                .contains("the job gets placeholders (--give nothing), since what the model runs could read its files:"
                        + " commands that the model runs could read the credential: allowed_permission_profiles");
        assertThat(standIn.events(ModelCall.class))
                .last()
                .isEqualTo(new ModelCall(login.current().accessToken(), 200));
    }

    @ParameterizedTest
    @CsvSource({REQUIREMENTS, MANAGED})
    void loginsInAKeyringAreRefusedInTheJobAndByDoctor(String file) {
        Cli machine = cli.withEtc(file, "cli_auth_credentials_store = \"keyring\"");

        Result refused = machine.runCodex();
        Result doctor = machine.run("doctor");

        String problem = "/etc/" + file + " requires cli_auth_credentials_store = \"keyring\"";
        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(78);
        assertThat(refused.err()).contains("error: " + problem);
        assertThat(doctor.out()).contains("wrong   " + problem);
        assertThat(standIn.events()).isEmpty();
    }

    @Test
    void aKeyNeedsNoFilesForLogins() {
        String key = standIn.newApiKey();

        Result result = cli.withEtc(REQUIREMENTS, "cli_auth_credentials_store = \"keyring\"")
                .with("CODEX_AUTH_API_KEY", key)
                .giving("all")
                .run(keyJob());

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.events(ModelCall.class)).last().isEqualTo(new ModelCall(key, 200));
    }

    private static String[] keyJob(String... options) {
        return Stream.of(Stream.of("run"), Stream.of(options), Stream.of("--"), Stream.of(Cli.codexExec()))
                .flatMap(words -> words)
                .toArray(String[]::new);
    }

    private void assertTheModelSawNothing() {
        assertThat(standIn.commandOutputs()).hasSize(1);
        String output = standIn.commandOutputs().get(0);
        assertThat(output).contains("begin", "end").doesNotContain("\"authJson\"");
        assertThat(standIn.everyTokenIssued()).noneMatch(output::contains);
    }
}
