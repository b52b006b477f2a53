package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn.Event.ModelCall;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.testing.Page;
import io.github.codexauth.testing.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What README.md tells people to type, on a machine that has codex-auth and Codex, in a checkout. */
class ReadmeIT extends OnOneMachine {
    private final Page readme = Page.of("README.md");
    private Login login;

    @BeforeEach
    void aPersonWithALoginAndACheckout() throws Exception {
        login = standIn.newLogin(Duration.ofHours(-1));
        Files.createDirectory(cli.folder().resolve("home/.codex"));
        Path file = cli.write("home/.codex/auth.json", login.authJson());
        assertThat(file).isRegularFile();
        assertThat(paste("git init -q .").exitCode()).isZero();
    }

    @AfterEach
    void noTokenWasUsedTwice() {
        assertThat(standIn.events(Reused.class)).isEmpty();
    }

    /** As people paste it, with the launcher's folder on the PATH. */
    private Result paste(String block) {
        return cli.shell("PATH=${0%/*}:$PATH\nset -e\n" + block + "\n");
    }

    private void assertDone(Result result) {
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).endsWith("done\n");
    }

    @Test
    void anApiKeyRunsAJob() {
        String key = standIn.newApiKey();
        Path file = cli.write("openai", key);
        cli.write("config.toml", "openai_base_url = \"" + standIn.url() + "/v1\"\n");

        assertDone(paste(
                readme.block("--api-key-file /run/secrets/openai").replace("/run/secrets/openai", file.toString())));

        assertThat(standIn.events(ModelCall.class)).last().isEqualTo(new ModelCall(key, 200));
    }

    @Test
    void aLoginIsSeededOnceAndRunsEveryJob() {
        Result seeded = paste(readme.block("codex-auth seed"));
        assertThat(seeded.exitCode()).as(seeded.toString()).isZero();

        assertDone(paste(readme.block("codex-auth run --id codex-ci --wait 15m --timeout 2h")));
        standIn.endAccessTokens();
        assertDone(paste(readme.block("codex-auth run --id codex-ci --wait 15m --timeout 2h")));

        assertThat(standIn.rotations()).isEqualTo(2);
    }

    @Test
    void stepsBetweenOthersGetTheWholeFileAndSaveIt() {
        assertThat(paste(readme.block("codex-auth seed")).exitCode()).isZero();

        assertDone(paste(readme.block("codex-auth restore")));

        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(paste("codex-auth status").out()).contains("generation 2,").doesNotContain("in use     by");
    }

    @Test
    void thePolicyLetsThePersonOnTheMachineIn() {
        cli.write("policy.yaml", readme.block("allow:\n  - platform: none") + "\njob-may-write-policy: true\n");

        Result check = paste("codex-auth check");

        assertThat(check.exitCode()).as(check.toString()).isZero();
    }
}
