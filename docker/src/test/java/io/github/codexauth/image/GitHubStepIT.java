package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The step of {@code action.yml} as GitHub's runner starts it: as root, with its mounts, its files and its variables.
 * Source: actions/runner, ContainerActionHandler.cs and DockerCommandManager.cs.
 */
class GitHubStepIT extends InContainers {
    /** The runner's user, who owns what the runner mounts. */
    private static final int RUNNER = 1234;

    private Path temp;

    @BeforeEach
    void aRunner() throws IOException, InterruptedException {
        temp = makeFolder("_temp");
        for (String name : new String[] {"_github_home", "_github_workflow", "_runner_file_commands"}) {
            makeFolder("_temp/" + name);
        }
        for (String name : new String[] {"output", "env", "state", "summary"}) {
            write("_temp/_runner_file_commands/" + name, "", "rw-rw-rw-");
        }
        push(true);
        belongsTo(RUNNER);
    }

    private void belongsTo(int user) throws IOException, InterruptedException {
        ProcessBuilder chown = new ProcessBuilder(
                "chown", "-R", user + ":" + user, temp.toString(), checkout().toString());
        assertThat(chown.start().waitFor()).isZero();
    }

    @Test
    void aKeyRunsTheCommandsAndIsMasked() {
        String key = standIn.newApiKey();

        Result result = step().with(
                        "--env=INPUT_API_KEY=" + key, "--env=INPUT_RUN=codex exec --skip-git-repo-check hi\nenv | sort")
                .run("action");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out())
                .startsWith("done\n")
                .contains("CODEX_API_KEY=***")
                .doesNotContain("INPUT_", key);
        assertThat(result.err()).contains("::add-mask::" + key);
        assertThat(files("output")).isEmpty();
    }

    @Test
    void aManagedLoginIsRefreshedSavedAndReported() throws IOException {
        Login login = standIn.newLogin(Duration.ofHours(-1));
        Box step = step().with(
                        "--env=INPUT_ID=codex-ci",
                        "--env=INPUT_AUTH_JSON=" + new String(login.authJson(), StandardCharsets.UTF_8),
                        "--env=INPUT_RUN=codex exec --skip-git-repo-check hi; touch made-by-the-job",
                        "--env=CODEX_AUTH_CODEX_CONFIG=/etc/codex-auth/config.toml");

        Result first = step.run("action");
        String outputs = files("output");
        Result second = step.run("action");

        assertThat(first.exitCode()).as(first.toString()).isZero();
        assertThat(second.exitCode()).as(second.toString()).isZero();
        assertThat(outputs).contains("refreshed=true\n", "saved=true\n", "account=", "expires-at=20");
        assertThat(files("output")).endsWith("refreshed=false\nsaved=true\n");
        assertThat(files("summary"))
                .contains(
                        "### Codex login `codex-ci`",
                        "| account | refreshed in this run | next refresh due | saved generation |")
                .contains("| yes | in 9 d 23 h (");
        assertThat(first.err()).contains("::add-mask::" + login.current().refreshToken());
        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(Files.getAttribute(checkout().resolve("made-by-the-job"), "unix:uid"))
                .isEqualTo(RUNNER);
        try (Stream<Path> left = Files.list(checkout())) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .contains("made-by-the-job")
                    // Codex's sandbox makes what it protects.
                    .isSubsetOf("made-by-the-job", ".agents", ".aws", ".codex", ".git");
        }
        try (Stream<Path> left = Files.walk(temp)) {
            assertThat(left.map(file -> file.getFileName().toString())).doesNotContain("auth.json");
        }
    }

    @Test
    void withoutCommandsTheLaterStepsOnTheHostAreSignedInUntilThePostStep() throws Exception {
        // The test is the runner here, so the later steps run as its user.
        belongsTo((Integer) Files.getAttribute(folder, "unix:uid"));
        Login login = standIn.newLogin(Duration.ofDays(9));
        Box step = hostSteps(login);

        Path home = restore(step);
        assertThat(files("output")).contains("codex-home=" + home);
        codexOnTheHost(home);
        Result posted = persist(step);

        assertThat(posted.exitCode()).as(posted.toString()).isZero();
        assertThat(posted.err()).contains("::add-mask::" + login.current().refreshToken());
        assertThat(files("summary")).contains("| yes |");
        assertThat(home).doesNotExist();
        assertThat(stores(login)).isTrue();
    }

    @Test
    void aLoginThatAStepRefreshedAsAnotherUserIsSavedAllTheSame() throws Exception {
        Login login = standIn.newLogin(Duration.ofDays(9));
        Box step = hostSteps(login);
        Path home = restore(step);
        // As root, where the runner is another user.
        codexOnTheHost(home);

        Result posted = persist(step);

        assertThat(posted.exitCode()).as(posted.toString()).isZero();
        assertThat(posted.err()).contains("Codex refreshed the login");
        assertThat(home).doesNotExist();
        assertThat(stores(login)).isTrue();
    }

    private Box hostSteps(Login login) {
        return step().with(
                        "--env=INPUT_ID=codex-ci",
                        "--env=INPUT_AUTH_JSON=" + new String(login.authJson(), StandardCharsets.UTF_8),
                        "--env=INPUT_HOMES=/github/home",
                        "--env=INPUT_HOMES_ON_HOST=host:" + temp + "/_github_home");
    }

    private Path restore(Box step) {
        Result restored = step.run("action");
        assertThat(restored.exitCode()).as(restored.toString()).isZero();
        Path home = Path.of(files("env").strip().replace("CODEX_HOME=", ""));
        assertThat(home).startsWith(temp.resolve("_github_home")).isDirectory();
        standIn.endAccessTokens();
        return home;
    }

    private Result persist(Box step) {
        String state = files("state").strip().replace("home=", "STATE_home=");
        return step.with("--env=" + state, "--entrypoint=/usr/local/bin/codex-auth-post")
                .run("action");
    }

    @Test
    void aLoginNearItsEndIsAWarningOnTheRunsPage() {
        Login login = standIn.newLogin(Duration.ofHours(5));

        Result result = step().with(
                        "--env=INPUT_ID=codex-ci",
                        "--env=INPUT_AUTH_JSON=" + new String(login.authJson(), StandardCharsets.UTF_8),
                        "--env=INPUT_RUN=true")
                .run("action");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err())
                .contains("::warning title=codex-auth::the access token of 'codex-ci' ends in 4 h 59 min");
    }

    @Test
    void aPostStepWithoutARestoreDoesNothing() {
        Result result =
                step().with("--entrypoint=/usr/local/bin/codex-auth-post").run("action");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.all()).isEmpty();
    }

    @Test
    void aPublicRepositoryIsRefusedBeforeAnythingIsReadAndThePersonIsShownWhatToChange() {
        push(false);

        Result result = step().with(
                        "--env=INPUT_ID=codex-ci",
                        "--env=INPUT_AUTH_JSON=not even looked at",
                        "--env=INPUT_RUN=touch never")
                .run("action");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(77);
        assertThat(result.err())
                .contains("codex-auth: error: the repository's visibility: public")
                .contains("::error title=codex-auth::");
        assertThat(checkout().resolve("never")).doesNotExist();
    }

    @Test
    void aRunnerOfGitHubsOwnIsRefused() {
        Result result = step().with(
                        "--env=INPUT_API_KEY=sk-x", "--env=INPUT_RUN=true", "--env=RUNNER_ENVIRONMENT=github-hosted")
                .run("action");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(77);
        assertThat(result.err()).contains("::error title=codex-auth::the kind of runner: vendor-hosted");
    }

    @Test
    void aStoreThatTheRunnerEmptiesAfterTheJobIsRefused() {
        Result result = step().with(
                        "--env=INPUT_ID=codex-ci", "--env=INPUT_STORE=file:/github/home", "--env=INPUT_RUN=true")
                .run("action");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(69);
        assertThat(result.err()).contains("lies where GitHub's runner cleans up after every job");
    }

    /** The options of the runner's {@code docker run}, and the store's volume, which its operator adds. */
    private Box step() {
        return Box.plain(engine, name)
                .with(
                        "--network=host",
                        "--user=0",
                        "--workdir=/github/workspace",
                        "--volume=" + temp + ":/github/runner_temp",
                        "--volume=" + temp + "/_github_home:/github/home",
                        "--volume=" + temp + "/_github_workflow:/github/workflow",
                        "--volume=" + temp + "/_runner_file_commands:/github/file_commands",
                        "--volume=" + checkout() + ":/github/workspace",
                        "--volume=" + volume + ":/var/lib/codex-auth",
                        "--volume=" + folder.resolve("config.toml") + ":/etc/codex-auth/config.toml:ro",
                        "--env=HOME=/github/home",
                        "--env=CI=true",
                        "--env=GITHUB_ACTIONS=true",
                        "--env=GITHUB_REPOSITORY=Codertocat/Hello-World",
                        "--env=GITHUB_EVENT_NAME=push",
                        "--env=GITHUB_EVENT_PATH=/github/workflow/event.json",
                        "--env=GITHUB_REF=refs/heads/main",
                        "--env=GITHUB_RUN_ID=17",
                        "--env=GITHUB_JOB=fix",
                        "--env=GITHUB_WORKSPACE=/github/workspace",
                        "--env=GITHUB_OUTPUT=/github/file_commands/output",
                        "--env=GITHUB_ENV=/github/file_commands/env",
                        "--env=GITHUB_STATE=/github/file_commands/state",
                        "--env=GITHUB_STEP_SUMMARY=/github/file_commands/summary",
                        "--env=RUNNER_ENVIRONMENT=self-hosted",
                        "--env=RUNNER_TEMP=/github/runner_temp",
                        "--env=CODEX_REFRESH_TOKEN_URL_OVERRIDE=" + standIn.tokenUrl(),
                        "--env=CODEX_AUTHAPI_BASE_URL=" + standIn.url(),
                        "--env=CODEX_AUTH_CODEX_CONFIG=/etc/codex-auth/config.toml");
    }

    private Path checkout() {
        return folder.resolve("checkout");
    }

    private void push(boolean isPrivate) {
        write("_temp/_github_workflow/event.json", """
                {"ref": "refs/heads/main", "repository": {"id": 186853002, "name": "Hello-World",
                 "full_name": "Codertocat/Hello-World", "private": %s, "fork": false, "owner": {"login": "Codertocat"}},
                 "pusher": {"name": "Codertocat"}, "sender": {"login": "Codertocat", "id": 21031067}}
                """.formatted(isPrivate), "rw-r--r--");
    }

    private String files(String name) {
        try {
            return Files.readString(temp.resolve("_runner_file_commands").resolve(name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void codexOnTheHost(Path home) throws IOException, InterruptedException {
        ProcessBuilder codex = new ProcessBuilder(RealCodex.get().exec())
                .directory(checkout().toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true);
        codex.environment().put("CODEX_HOME", home.toString());
        codex.environment().put("CODEX_REFRESH_TOKEN_URL_OVERRIDE", standIn.tokenUrl());
        Process process = codex.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
