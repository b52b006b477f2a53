package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.codexauth.standin.Gate;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.standin.StandIn.Event.ModelCall;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.testing.Page;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The action at the top of the repository, as GitHub's runner runs it on a machine without Docker. */
class GitHubActionIT extends OnOneMachine {
    /** As a runner in a company has them: whose certificate npm finds there, and through which proxy it goes. */
    private static final List<String> WAY_TO_THE_REGISTRY = List.of(
            "NODE_EXTRA_CA_CERTS", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "NO_PROXY", "no_proxy");

    private Releases releases;
    private ActionHost host;

    @BeforeEach
    void aRunnerAndARelease() {
        releases = Releases.start(folder.resolve("release"));
        host = new ActionHost(cli.inGitHubActions(), folder.resolve("_work")).releasedWith(releases.pinned());
    }

    @AfterEach
    void stopServer() {
        releases.close();
        assertThat(standIn.events(Reused.class)).isEmpty();
    }

    private Map<String, String> with(String... inputs) {
        Map<String, String> all = new TreeMap<>(Map.of("releases", releases.url()));
        for (int i = 0; i < inputs.length; i += 2) {
            all.put(inputs[i], inputs[i + 1]);
        }
        return all;
    }

    private Map<String, String> withLogin(Login login, String... inputs) {
        Map<String, String> all = with(inputs);
        all.put("id", "ci");
        all.put("auth_json", new String(login.authJson(), StandardCharsets.UTF_8));
        return all;
    }

    @Test
    void aPromptIsWorkedOnAndCodexsLastMessageIsAnOutputAndAFile() throws IOException {
        String prompt = "say \"done\"; $(touch never) `touch never`\nand nothing else";

        Result result = host.main(
                withLogin(standIn.newLogin(Duration.ofHours(-1)), "prompt", prompt, "output-file", "answer.md"));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err()).contains(prompt);
        assertThat(folder.resolve("work/never")).doesNotExist();
        assertThat(Files.readString(folder.resolve("work/answer.md"))).isEqualTo("done");
        assertThat(host.outputs()).containsEntry("final-message", "done").containsEntry("refreshed", "true");
        assertThat(standIn.rotations()).isEqualTo(1);
    }

    @Test
    void aPromptOfAFileIsWorkedOnWithMoreWordsForCodex() {
        cli.write("work/prompt.md", "say done\n");

        Result result = host.main(withLogin(
                standIn.newLogin(Duration.ofDays(9)),
                "prompt-file",
                "prompt.md",
                "codex-args",
                "[\"--model\", \"gpt-of-the-workflow\"]"));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err()).contains("model: gpt-of-the-workflow");
        assertThat(host.outputs()).containsEntry("final-message", "done");
        assertThat(host.temp()).isDirectoryNotContaining(path -> path.toString().endsWith("prompt"));
    }

    @Test
    void commandsGetAKeyAndNothingElseOfTheStep() {
        String key = standIn.newApiKey();

        Result result = host.main(with("api_key", key, "run", "env | sort; set +o pipefail; yes | head -1"));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out())
                .contains("CODEX_API_KEY=***", "\ny\n")
                .doesNotContain("INPUT_", "CODEX_AUTH_", "ACTIONS_RUNTIME", "ACTIONS_RESULTS", key);
        // A program that writes to nobody any more ends silently, as it does without us.
        assertThat(result.err()).contains("::add-mask::" + key).doesNotContain("Broken pipe");
    }

    /** The runner's signals go to the process that it started. */
    @Test
    void theProcessThatTheRunnerStartedIsCodexAuthItselfAndShowsNobodyItsInputs() throws IOException {
        String key = standIn.newApiKey();
        Running step = host.start(with("api_key", key, "run", "echo started; read go < " + cli.makeFifo()));
        step.awaitOutput("started");

        Path process = Path.of("/proc", String.valueOf(step.handle().pid()));
        String command = Files.readString(process.resolve("cmdline"));
        String variables = new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
        cli.openFifo();

        assertThat(host.finish(step).exitCode()).isZero();
        assertThat(command).contains("codex-auth.jar").doesNotContain(key);
        assertThat(variables).doesNotContain(key);
    }

    @Test
    void laterStepsAreSignedInUntilThePostStepSavesWhatTheyRefreshed() {
        Login login = standIn.newLogin(Duration.ofDays(9));
        Map<String, String> inputs = withLogin(login, "timeout", "1h");

        Result main = host.main(inputs);
        standIn.endAccessTokens();
        Result step = host.step("codex exec --skip-git-repo-check 'say done'; echo home=$CODEX_HOME; exit 3");
        Result post = host.post(inputs);

        assertThat(main.exitCode()).as(main.toString()).isZero();
        assertThat(step.exitCode()).as(step.toString()).isEqualTo(3);
        assertThat(step.out()).contains("done", "home=" + host.outputs().get("codex-home"));
        assertThat(post.exitCode()).as(post.toString()).isZero();
        assertThat(host.outputs()).containsEntry("refreshed", "true").containsEntry("saved", "true");
        assertThat(Path.of(host.outputs().get("codex-home"))).doesNotExist();
        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @Test
    void aPostStepAfterAMainStepThatGotNowhereHasNothingToDo() {
        Result main =
                host.releasedWith("\"linux-amd64\": \"" + "0".repeat(64) + "\"").main(with("id", "ci"));
        Result post = host.post(with("id", "ci"));

        assertThat(main.exitCode()).isEqualTo(1);
        assertThat(post.exitCode()).as(post.toString()).isZero();
        assertThat(post.all()).isEmpty();
    }

    @Test
    void aCancelledJobIsToldAndItsLoginSaved() {
        Login login = standIn.newLogin(Duration.ofHours(-1));
        Gate gate = new Gate();
        standIn.nextModelCall(gate);
        Running step = host.start(
                withLogin(login, "give", "all", "run", "codex exec --skip-git-repo-check hi; echo not reached"));
        gate.awaitReached();

        step.signal("INT");
        Result result = host.finish(step);
        gate.open();

        assertThat(result.exitCode()).as(result.toString()).isNotZero();
        assertThat(result.out()).doesNotContain("not reached");
        assertThat(host.outputs()).containsEntry("refreshed", "true").containsEntry("saved", "true");
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @Test
    void aCancelledJobThatDoesNotListenIsKilledAndItsLoginSavedAllTheSame() {
        Login login = standIn.newLogin(Duration.ofHours(-1));
        Running step = host.start(withLogin(
                login,
                "give",
                "all",
                "grace",
                "1s",
                "run",
                "trap '' INT TERM; echo deaf; read go < " + cli.makeFifo()));
        step.awaitOutput("deaf");

        step.signal("INT");
        step.signal("TERM");
        Result result = host.finish(step);

        assertThat(result.exitCode()).as(result.toString()).isNotZero();
        assertThat(host.outputs()).containsEntry("saved", "true");
        assertThat(Stored.refreshToken(cli)).isEqualTo(login.current().refreshToken());
    }

    @Test
    void anArchiveWithAnotherChecksumIsRefusedAndNothingOfItRuns() throws IOException {
        String honest = releases.pinned();
        releases.put(Releases.ARCHIVE, "something else");

        Result result = host.releasedWith(honest).main(with("api_key", "sk-1", "run", "touch never"));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains(
                        "error: " + releases.url() + "/v0.1.0/" + Releases.ARCHIVE
                                + " is not the file whose SHA-256 is ",
                        "::error title=codex-auth::");
        assertThat(folder.resolve("work/never")).doesNotExist();
        assertThat(host.toolCache()).isEmptyDirectory();
    }

    @Test
    void theArchiveIsFetchedOnceAndVerifiedEachTime() throws IOException {
        String key = standIn.newApiKey();
        Map<String, String> inputs = with("api_key", key, "run", "true");
        Path kept = host.toolCache().resolve("codex-auth/0.1.0").resolve(Releases.ARCHIVE);

        Result first = host.main(inputs);
        Result second = host.main(inputs);
        assertThat(releases.requests()).containsExactly(Releases.ARCHIVE);
        Files.writeString(kept, "put there by another job");
        Result third = host.main(inputs);

        assertThat(first.exitCode()).as(first.toString()).isZero();
        assertThat(second.exitCode()).as(second.toString()).isZero();
        assertThat(third.exitCode()).as(third.toString()).isZero();
        assertThat(releases.requests()).containsExactly(Releases.ARCHIVE, Releases.ARCHIVE);
    }

    @Test
    void aRevisionWithoutAChecksumTakesTheReleasesOwnAndSaysSo() {
        Map<String, String> inputs = with("api_key", standIn.newApiKey(), "run", "true");

        Result result = host.releasedWith("").main(inputs);
        releases.put("SHA256SUMS", "0".repeat(64) + "  " + Releases.ARCHIVE + "\n");
        Result other = host.main(inputs);

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err()).contains("this revision of the action names no checksum");
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.err()).contains("is not the file whose SHA-256 is 000000");
    }

    @Test
    void aReleaseThatIsNotThereIsSaidWithAWayAround() {
        Result result = host.releasedWith(releases.pinned())
                .main(Map.of("releases", releases.url() + "/nowhere", "api_key", "sk-1", "run", "true"));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains(
                        "error: cannot fetch " + releases.url(),
                        "the server answered with status 404",
                        "hint: on a machine");
    }

    @Test
    void anInstalledCodexAuthOfTheSameVersionIsUsedAndNothingIsFetched() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path program = bin.resolve("codex-auth");
        String launcher = Path.of(System.getProperty("codexauth.launcher"))
                .toAbsolutePath()
                .toString();
        Files.writeString(
                program,
                "#!/bin/sh\n[ \"$1\" != --version ] || { echo codex-auth 0.1.0; exit; }\nexec " + launcher
                        + " \"$@\"\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();

        host = new ActionHost(cli.inGitHubActions().withFirstOnPath(bin), folder.resolve("_other"));
        Result result = host.releasedWith("").main(with("api_key", standIn.newApiKey(), "run", "true"));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(releases.requests()).isEmpty();
        assertThat(host.states()).containsEntry("program", program.toString());
    }

    @Test
    void theCodexThatTheWorkflowAsksForIsInstalledForThisStepAndTheLaterOnes() {
        // What npm has fetched for other tests already; the registry is asked all the same.
        Cli runner = cli.inGitHubActions()
                .with("npm_config_cache", System.getProperty("user.home") + "/.npm")
                .with("npm_config_prefer_offline", "true")
                .withFirstOnPath(folderOf("npm"));
        for (String variable : WAY_TO_THE_REGISTRY) {
            String value = System.getenv(variable);
            runner = value == null ? runner : runner.with(variable, value);
        }
        host = new ActionHost(runner, folder.resolve("_other")).releasedWith(releases.pinned());
        String version = RealCodex.olderVersions().get(0);

        Result main =
                host.main(with("api_key", standIn.newApiKey(), "codex-version", version, "run", "codex --version"));
        Result step = host.step("codex --version");

        assertThat(main.exitCode()).as(main.toString()).isZero();
        assertThat(main.out()).contains("codex-cli " + version);
        assertThat(step.out()).contains("codex-cli " + version);
    }

    private static Path folderOf(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(Path::of)
                .filter(path -> Files.isExecutable(path.resolve(program)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aVersionThatIsNoneReachesNoCommandLine() {
        Result result = host.main(with("api_key", "sk-1", "codex-version", "latest --unsafe", "run", "true"));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("hint: write it like: codex-version: 0.171.0");
    }

    @Test
    void theMachinesPolicyDecides() {
        ActionHost guarded = new ActionHost(
                        cli.withEtc("codex-auth/policy.yaml", """
                version: 1
                job-may-write-policy: true
                allow:
                  - platform: github
                    repositories: [acme/other]
                """).inGitHubActions(), folder.resolve("_other"))
                .releasedWith(releases.pinned());

        Result result = guarded.main(with("api_key", "sk-1", "run", "touch never"));

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(77);
        assertThat(result.err())
                .contains("error: the repository: acme/app")
                .contains("hint: repositories [acme/other] only");
        assertThat(folder.resolve("work/never")).doesNotExist();
    }

    @Test
    void twoThingsToDoAreAnErrorThatNamesBoth() {
        Result result = host.main(with("api_key", "sk-1", "run", "true", "prompt-file", "x"));

        assertThat(result.exitCode()).isEqualTo(64);
        assertThat(result.err()).contains("error: a step does one thing, and was given run and prompt-file");
    }

    /** With nothing in the place of what is written there but the key and the server. */
    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/github-actions.md", "examples/github-actions/prompt.yml"})
    void theFirstStepThatPeopleReadRunsAsItIs(String file) throws IOException {
        String key = standIn.newApiKey();
        cli.write("config.toml", "openai_base_url = \"" + standIn.url() + "/v1\"\n");
        Map<String, String> inputs = with();
        ActionHost.stepIn(file)
                .forEach((name, value) -> inputs.put(name, value.replace("${{ secrets.OPENAI_API_KEY }}", key)));

        Result result = host.main(inputs);
        Result post = host.post(inputs);

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err()).contains(inputs.get("prompt"));
        assertThat(standIn.events(ModelCall.class)).last().isEqualTo(new ModelCall(key, 200));
        assertThat(host.outputs()).containsEntry("final-message", "done");
        assertThat(post.exitCode()).as(post.toString()).isZero();
        assertThat(post.all()).isEmpty();
    }

    @Test
    void theLaterStepsThatPeopleReadRunAsTheyAre() throws IOException {
        JsonNode steps = new YAMLMapper()
                .readTree(Page.of("docs/github-actions.md")
                        .block("fix the failing test")
                        .indent(0));
        Login login = standIn.newLogin(Duration.ofDays(9));
        Map<String, String> inputs = with();
        steps.get(0)
                .get("with")
                .properties()
                .forEach(input -> inputs.put(
                        input.getKey(),
                        input.getValue()
                                .asText()
                                .replace(
                                        "${{ secrets.CODEX_AUTH_JSON }}",
                                        new String(login.authJson(), StandardCharsets.UTF_8))));
        // Of actions/checkout, before them.
        assertThat(host.step("git init -q .").exitCode()).isZero();

        Result main = host.main(inputs);
        standIn.endAccessTokens();
        Result step = host.step(steps.get(1).get("run").asText());
        Result post = host.post(inputs);

        assertThat(main.exitCode()).as(main.toString()).isZero();
        assertThat(step.exitCode()).as(step.toString()).isZero();
        assertThat(step.out()).isEqualTo("done\n");
        assertThat(post.exitCode()).as(post.toString()).isZero();
        assertThat(host.outputs()).containsEntry("refreshed", "true").containsEntry("saved", "true");
        assertThat(standIn.rotations()).isEqualTo(1);
    }
}
