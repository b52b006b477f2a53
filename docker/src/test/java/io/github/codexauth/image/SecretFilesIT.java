package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Secrets as files: a running container shows none of them to who may inspect it. */
class SecretFilesIT extends InContainers {
    @Test
    void inspectShowsNoSecretOfARunningContainer() {
        Login login = standIn.newLogin(Duration.ofHours(-1));
        seed(login);
        String key = standIn.newApiKey();
        Running running = box().with("--volume=" + folder.resolve("seed.json") + ":/run/secrets/codex:ro")
                .start(
                        "run",
                        "--id",
                        "codex-ci",
                        "--seed-file",
                        "/run/secrets/codex",
                        "--",
                        "sh",
                        "-c",
                        "echo up; sleep 1000");
        running.awaitOutput("up");

        Result inspected = engine.call("inspect", name);
        Result processes = engine.call("top", name, "args");
        engine.call("kill", "--signal", "TERM", name);
        Result ended = running.result();

        assertThat(inspected.exitCode()).isZero();
        for (Result seen : new Result[] {inspected, processes, ended}) {
            assertThat(standIn.everyTokenIssued()).noneMatch(seen.all()::contains);
            assertThat(seen.all()).doesNotContain(key);
        }
    }

    @Test
    void aKeyComesInTheWayDockerComposeAndKubernetesMountIt() {
        String key = standIn.newApiKey();
        write("openai", key + "\n", "rw-r--r--");

        Result result = withMachine(Box.hardened(engine, name))
                .with(
                        "--volume=" + folder.resolve("openai") + ":/run/secrets/openai:ro",
                        "--volume=" + folder.resolve("checkout") + ":/workspace",
                        "--env=CODEX_AUTH_API_KEY_FILE=/run/secrets/openai")
                .run(words(new String[] {"run", "--"}, SAY_DONE));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo("done\n");
    }

    @Test
    void theHealthCheckReadsTheStore() {
        seed(standIn.newLogin(Duration.ofDays(9)));
        Running running = box().start(job("sh", "-c", "echo up; sleep 1000"));
        running.awaitOutput("up");

        Result healthy = engine.call("exec", name, "codex-auth-health");
        Result check = engine.call("image", "inspect", "--format", "{{json .HealthCheck}}", engine.image());
        engine.call("kill", "--signal", "TERM", name);
        running.result();

        assertThat(healthy.exitCode()).as(healthy.toString()).isZero();
        assertThat(healthy.out()).contains("codex-ci");
        assertThat(check.out()).contains("codex-auth-health");
    }
}
