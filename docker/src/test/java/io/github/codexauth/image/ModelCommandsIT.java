package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.testing.Result;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that the model runs read neither the login nor a key, whatever flags the job passes. */
class ModelCommandsIT extends InContainers {
    private static final String EVERYTHING =
            "echo begin; cat $CODEX_HOME/auth.json; find / -name 'auth.json' -exec cat {} +;"
                    + " cat /var/lib/codex-auth/store/credentials/codex-ci/current.json /run/secrets/*; env; cat /proc/[0-9]*/environ; echo end";

    @ParameterizedTest
    @ValueSource(strings = {"", "--sandbox workspace-write", "--sandbox danger-full-access", "--sandbox read-only"})
    void theLoginStaysUnreadWithAnySandbox(String flags) {
        Login login = standIn.newLogin(Duration.ofDays(9));
        seed(login);
        standIn.orderCommand(EVERYTHING);

        Result result = box().with("--volume=" + folder.resolve("seed.json") + ":/run/secrets/codex:ro")
                .run(job("sh", "-c", "codex exec --skip-git-repo-check " + flags + " hi"));

        assertThat(result.toString()).satisfies(this::hasNoSecret);
        if (!standIn.commandOutputs().isEmpty()) {
            assertThat(standIn.commandOutputs().get(0)).contains("begin", "end").satisfies(this::hasNoSecret);
        } else {
            assertThat(result.exitCode()).as(result.toString()).isNotZero();
        }
    }

    @Test
    void theFlagThatBypassesTheSandboxIsRefusedByCodex() {
        seed(standIn.newLogin(Duration.ofDays(9)));
        standIn.orderCommand(EVERYTHING);

        Result result = box().run(job(
                "codex", "exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", "say done"));

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(standIn.commandOutputs()).isEmpty();
    }

    @Test
    void theKeyOfASecretsFileStaysUnreadAndTheWorkspaceCanBeWritten() {
        String key = standIn.newApiKey();
        write("openai", key, "rw-r--r--");
        standIn.orderCommand(EVERYTHING + "; echo work > made-by-the-model; cat made-by-the-model");

        Result result = withMachine(Box.hardened(engine, name))
                .with(
                        "--volume=" + folder.resolve("openai") + ":/run/secrets/openai:ro",
                        "--volume=" + folder.resolve("checkout") + ":/workspace")
                .run(words(new String[] {"run", "--api-key-file", "/run/secrets/openai", "--"}, SAY_DONE));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.commandOutputs().get(0))
                .contains("begin", "end", "work")
                .doesNotContain(key);
    }

    private void hasNoSecret(String text) {
        assertThat(standIn.everyTokenIssued()).noneMatch(text::contains);
    }
}
