package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.codexauth.standin.IdentityService;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn;
import io.github.codexauth.testing.Page;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GitHub's container step and job container on Docker's defaults, as the runner starts them. */
class GitHubOnDockerIT extends InContainers {
    private static final String STEP = "/usr/local/bin/codex-auth";
    private static final String POST = "/usr/local/bin/codex-auth-post";

    private GitHubRunner runner;

    @Override
    Engine engine() {
        return Dockerd.withImage();
    }

    @BeforeEach
    void aRunner() {
        List<String> more = new ArrayList<>(standInOptions());
        more.add("--volume=" + volume + ":/var/lib/codex-auth");
        runner = new GitHubRunner(engine, name, folder.resolve("_work"), more);
    }

    @Test
    void theContainerStepWorksOnTheCheckoutAndWritesWhatTheRunnerReads() throws IOException {
        String key = standIn.newApiKey();
        // As an earlier container step leaves it.
        Files.writeString(
                Files.createDirectory(runner.checkout().resolve("by-root")).resolve("file"), "old\n");

        Result result = runner.containerStep(STEP, "INPUT_API_KEY=" + key, "INPUT_RUN=" + """
                codex exec --skip-git-repo-check "say done" --output-last-message review.md
                echo new >> README.md
                echo new >> by-root/file
                echo mine=yes >> "$GITHUB_OUTPUT"
                echo seen >> "$HOME/.profile"
                echo to-stderr > /dev/stderr
                git init -q . && git status --short
                """);

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).startsWith("done\n").doesNotContain(key);
        assertThat(result.err()).contains("to-stderr");
        assertThat(runner.checkout().resolve("review.md")).hasContent("done");
        assertThat(Files.getAttribute(runner.checkout().resolve("review.md"), "unix:uid"))
                .isEqualTo(GitHubRunner.USER);
        assertThat(runner.checkout().resolve("README.md")).hasContent("hello\nnew");
        assertThat(runner.checkout().resolve("by-root/file")).hasContent("old\nnew");
        assertThat(runner.fileCommands("set_output")).isEqualTo("mine=yes\n");
    }

    @Test
    void theModelMayDoWithoutASandboxAndReachesNothingOfOurs() {
        Login login = standIn.newLogin(Duration.ofDays(9));
        assertThat(runner.containerStep(STEP, managed(login, "true")).exitCode())
                .isZero();
        write("secret", new String(login.authJson(), StandardCharsets.UTF_8), "rw-r--r--");
        standIn.orderCommand(HostileJob.SCRIPT);

        Result result = withSecret()
                .containerStep(
                        STEP,
                        "INPUT_API_KEY=" + standIn.newApiKey(),
                        "INPUT_RUN=codex exec --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox 'say done'\n"
                                + HostileJob.SCRIPT);

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.commandOutputs()).hasSize(1);
        assertThat(standIn.commandOutputs().get(0)).satisfies(HostileJob::foundNothing);
        assertThat(result.out()).satisfies(HostileJob::foundNothing);
        assertThat(result.err()).contains("the job gets placeholders (--give nothing)");
        assertThat(standIn.everyTokenIssued())
                .noneMatch(withoutMasks(result)::contains)
                .noneMatch(standIn.commandOutputs().get(0)::contains);
        assertThat(stores(login)).isTrue();
    }

    @Test
    void codexWorksWithALoginThatNobodyInTheContainerCanRead() throws IOException {
        Login login = standIn.newLogin(Duration.ofDays(9));
        assertThat(runner.containerStep(STEP, managed(login, "true")).exitCode())
                .isZero();
        standIn.endAccessTokens();
        standIn.orderCommand(HostileJob.SCRIPT + "cat $CODEX_HOME/auth.json $CODEX_HOME/config.toml; env");

        Result result = runner.containerStep(
                STEP,
                managed(
                        login,
                        "codex exec --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox 'say done'\n"
                                + HostileJob.SCRIPT + "cat $CODEX_HOME/auth.json $CODEX_HOME/config.toml; env"));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).startsWith("done\n").satisfies(HostileJob::foundNothing);
        assertThat(standIn.commandOutputs()).hasSize(1);
        assertThat(standIn.commandOutputs().get(0)).contains("placeholder-of-codex-auth-");
        assertThat(standIn.everyTokenIssued())
                .noneMatch(withoutMasks(result)::contains)
                .noneMatch(standIn.commandOutputs().get(0)::contains);
        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(stores(login)).isTrue();
    }

    @Test
    void anIdentityTokenIsRenewedWhereTheJobCanReadItAndPutNothing() {
        try (IdentityService service = new IdentityService(Duration.ofSeconds(3))) {
            Result result = runner.containerStep(
                    STEP,
                    "ACTIONS_ID_TOKEN_REQUEST_URL=" + service.requestUrl(),
                    "ACTIONS_ID_TOKEN_REQUEST_TOKEN=request-token",
                    "INPUT_FEDERATION_RULE=rule-1",
                    "INPUT_IDENTITY_AUDIENCE=https://api.openai.com/v1",
                    "INPUT_RUN=" + """
                            file=$OPENAI_IDENTITY_TOKEN_FILE
                            first=$(cat "$file")
                            stat -c %u:%a "$file"
                            ln -s /var/lib/codex-auth "${file%/*}/link" || echo nothing put there
                            ls "${file%/*}" || echo nothing seen there
                            until [ "$(cat "$file")" != "$first" ]; do sleep 0.05; done
                            stat -c %u:%a "$file"
                            """);

            assertThat(result.exitCode()).as(result.toString()).isZero();
            String owner = GitHubRunner.USER + ":600\n";
            assertThat(result.out()).isEqualTo(owner + "nothing put there\nnothing seen there\n" + owner);
        }
    }

    @Test
    void aManagedLoginIsTakenBackFromTheJobAndSaved() throws IOException {
        Login login = standIn.newLogin(Duration.ofDays(9));

        Result first = runner.containerStep(
                STEP, managed(login, "stat -c %u:%a $CODEX_HOME $CODEX_HOME/auth.json; touch made"));
        Result second = runner.containerStep(STEP, managed(login, "true"));

        assertThat(first.exitCode()).as(first.toString()).isZero();
        assertThat(first.out()).isEqualTo("1234:700\n1234:600\n");
        assertThat(second.exitCode()).as(second.toString()).isZero();
        assertThat(runner.fileCommands("set_output")).contains("saved=true\n");
        assertThat(runner.fileCommands("step_summary")).contains("### Codex login `codex-ci`");
        assertThat(stores(login)).isTrue();
    }

    @Test
    void thePostStepSavesWhatTheStepsInBetweenMadeOfTheLogin() {
        Login login = standIn.newLogin(Duration.ofDays(9));
        String[] inputs = {
            "INPUT_ID=codex-ci",
            "INPUT_AUTH_JSON=" + new String(login.authJson(), StandardCharsets.UTF_8),
            "INPUT_HOMES=/github/home",
            "INPUT_HOMES_ON_HOST=host:" + folder.resolve("_work/_temp/_github_home")
        };

        Result restored = runner.containerStep(STEP, inputs);
        assertThat(restored.exitCode()).as(restored.toString()).isZero();
        Path home = Path.of(runner.fileCommands("set_output").strip().replaceAll("(?s).*codex-home=(\\S+).*", "$1"));
        assertThat(home.resolve("auth.json")).isRegularFile();
        String[] post = words(inputs, runner.fileCommands("save_state").strip().replace("home=", "STATE_home="));
        Result posted = runner.containerStep(POST, post);

        assertThat(posted.exitCode()).as(posted.toString()).isZero();
        assertThat(home).doesNotExist();
        assertThat(folder.resolve("_work/_temp/_github_home/codex-ci")).doesNotExist();
        assertThat(stores(login)).isTrue();
    }

    @Test
    void theJobContainerWorksOnWhatCheckoutLeftAsRoot() throws IOException {
        runner.createJobContainer();
        Result checkout = runner.stepInJobContainer("mkdir src; echo old > src/main.c; git init -q .");
        Result result = runner.stepInJobContainer(
                "codex-auth run -- sh -c 'codex exec --skip-git-repo-check hi; echo new >> src/main.c;"
                        + " git status --short; echo mine=yes >> $GITHUB_OUTPUT'\ncat src/main.c",
                "CODEX_AUTH_API_KEY=" + standIn.newApiKey());

        assertThat(checkout.exitCode()).as(checkout.toString()).isZero();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).startsWith("done\n").endsWith("old\nnew\n");
        assertThat(runner.fileCommands("set_output")).isEqualTo("mine=yes\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "access"})
    void inAJobContainerWithTheStrongerProfileCodexRefreshesALoginThatIsSaved(String give) {
        runner.createJobContainer("--security-opt", "seccomp=/usr/share/containers/seccomp.json");
        Login login = standIn.newLogin(Duration.ofDays(9));
        String seed = "CODEX_AUTH_JSON=" + new String(login.authJson(), StandardCharsets.UTF_8);
        String job = "codex-auth run --id codex-ci --give " + give + " -- codex exec --skip-git-repo-check 'say done'";

        Result first = runner.stepInJobContainer(job, seed);
        standIn.endAccessTokens();
        Result second = runner.stepInJobContainer(job);

        assertThat(first.exitCode()).as(first.toString()).isZero();
        assertThat(second.exitCode()).as(second.toString()).isZero();
        assertThat(second.out()).isEqualTo("done\n");
        assertThat(second.err()).contains("Codex refreshed the login; it is stored as generation 2");
        assertThat(runner.fileCommands("set_output")).contains("refreshed=true\nsaved=true\n");
        assertThat(stores(login)).isTrue();
    }

    @Test
    void settingsThatAreALinkToASecretAreNotReadForTheJob() throws IOException {
        write("secret", "token = \"what the job may not have\"\n", "rw-------");
        Path settings = runner.checkout().resolve("config.toml");
        Files.createSymbolicLink(settings, Path.of("/run/secrets/codex"));

        Result result = withSecret()
                .containerStep(
                        STEP,
                        "INPUT_API_KEY=" + standIn.newApiKey(),
                        "INPUT_CODEX_CONFIG=config.toml",
                        "INPUT_RUN=cat $CODEX_HOME/config.toml");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(78);
        assertThat(result.err()).contains("the job's user (uid 1234) cannot read config.toml");
        assertThat(result.all()).doesNotContain("what the job may not have");
    }

    /** What people see: the runner takes these lines out. */
    private static String withoutMasks(Result result) {
        return result.all().replaceAll("(?m)^::add-mask::.*$", "");
    }

    private static String[] managed(Login login, String script) {
        return new String[] {
            "INPUT_ID=codex-ci",
            "INPUT_AUTH_JSON=" + new String(login.authJson(), StandardCharsets.UTF_8),
            "INPUT_RUN=" + script
        };
    }

    private GitHubRunner withSecret() {
        List<String> more = new ArrayList<>(standInOptions());
        more.add("--volume=" + volume + ":/var/lib/codex-auth");
        more.add("--volume=" + folder.resolve("secret") + ":/run/secrets/codex:ro");
        return new GitHubRunner(engine, name, folder.resolve("_work"), more);
    }

    @Test
    void theContainerStepThatPeopleReadRunsAsItIs() throws IOException {
        JsonNode inputs = block("codex-auth/codex-auth/action-runner@").path(1).path("with");
        String key = standIn.newApiKey();

        Result result = runner.containerStep(
                STEP,
                "INPUT_API_KEY=" + inputs.path("api_key").asText().replace("${{ secrets.OPENAI_API_KEY }}", key),
                "INPUT_TIMEOUT=" + inputs.path("timeout").asText(),
                // Of actions/checkout, before it.
                "INPUT_RUN=git init -q .\n" + inputs.path("run").asText());

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(runner.checkout().resolve("review.md")).hasContent("done");
        assertThat(standIn.events(StandIn.Event.ModelCall.class)).hasSize(1);
    }

    @Test
    void theJobContainerThatPeopleReadRunsAsItIs() throws IOException {
        JsonNode job = block("container:");
        // What the machine's administrator and the first job have left there.
        Path policy = Files.createDirectory(folder.resolve("etc"));
        Files.writeString(policy.resolve("policy.yaml"), "version: 1\nallow: [{platform: github}]\n");
        // Where the way to the stand-in is mounted.
        Files.createFile(policy.resolve("config.toml"));
        Login login = standIn.newLogin(Duration.ofDays(9));
        String options = job.path("container").path("options").asText();
        assertThat(options).isEqualTo("--volume /etc/codex-auth:/etc/codex-auth:ro");
        assertThat(job.path("container").path("volumes").path(0).asText()).isEqualTo("codex-auth:/var/lib/codex-auth");
        seed(login);
        runner.createJobContainer(
                options.replace(" /etc/codex-auth:", " " + policy + ":").split(" "));

        Result checkout = runner.stepInJobContainer("git init -q .");
        standIn.endAccessTokens();
        Result result =
                runner.stepInJobContainer(job.path("steps").path(1).path("run").asText());

        assertThat(checkout.exitCode()).as(checkout.toString()).isZero();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo("done\n");
        assertThat(stores(login)).isTrue();
    }

    /** What people copy from the page. */
    private static JsonNode block(String words) throws IOException {
        return new YAMLMapper().readTree(Page.of("docs/github-actions.md").block(words));
    }
}
