package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.Npm;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files in {@code examples}: what can run here is run, the rest is held against its system's own rules. */
class ExamplesIT extends InContainers {
    private static final Path REPOSITORY = Path.of(System.getProperty("codexauth.repository", ".."))
            .toAbsolutePath()
            .normalize();
    private static final Path EXAMPLES = REPOSITORY.resolve("examples");

    @ParameterizedTest
    @ValueSource(strings = {"podman", "docker"})
    void theShellScriptRunsCodexOnTheCheckoutUnderThePolicyBesideIt(String program) throws IOException {
        Engine either = program.equals("podman") ? engine : Dockerd.withImage();
        Login login = standIn.newLogin(Duration.ofHours(-1));
        Path policy = write("policy.yaml", Files.readString(EXAMPLES.resolve("docker/policy.yaml")), "rw-r--r--");
        Box box = withMachine(Box.plain(either, name)).with("--volume=" + volume + ":/var/lib/codex-auth");
        assertThat(seed(box, login)).matches(seeded -> seeded.exitCode() == 0, "seeded");

        Map<String, String> variables = new HashMap<>(either.environment());
        variables.put("DOCKER", program);
        variables.put("IMAGE", either.image());
        variables.put("POLICY", policy.toString());
        variables.put("STORE", volume);
        variables.put("DOCKER_OPTIONS", "--no-healthcheck " + String.join(" ", standInOptions()));

        Path checkout = checkoutOfAPerson();
        Result result = start(
                        checkout,
                        variables,
                        List.of(EXAMPLES.resolve("docker/run-codex").toString(), "say done"))
                .result();
        either.remove(List.of(name), volume);

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo("done\n");
        assertThat(result.err()).contains("Codex refreshed the login; it is stored as generation 2");
    }

    /** Whose user is not the one of the test. */
    private Path checkoutOfAPerson() throws IOException {
        Path checkout = folder.resolve("checkout");
        git(checkout);
        assertThat(start(folder, Map.of(), List.of("chown", "-R", "1234:1234", checkout.toString()))
                        .result()
                        .exitCode())
                .isZero();
        Files.setPosixFilePermissions(checkout, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        return checkout;
    }

    @Test
    void theComposeServiceRunsCodexWithTheKeyOfASecretsFile() throws IOException {
        Path project = checkoutOfAPerson();
        Files.copy(EXAMPLES.resolve("compose/compose.yaml"), project.resolve("compose.yaml"));
        Path policy = write("policy.yaml", Files.readString(EXAMPLES.resolve("compose/policy.yaml")), "rw-r--r--");
        write("home/.config/codex-auth/openai-api-key", standIn.newApiKey(), "rw-------");
        // What the test needs on top: the way to the stand-in.
        write("stand-in.yaml", """
                services:
                  codex:
                    network_mode: host
                    environment:
                      CODEX_AUTH_CODEX_CONFIG: /etc/codex-auth/config.toml
                    volumes:
                      - %s:/etc/codex-auth/config.toml:ro
                """.formatted(folder.resolve("config.toml")), "rw-r--r--");
        Engine docker = Dockerd.withImage();
        Map<String, String> variables = new HashMap<>(docker.environment());
        variables.put("HOME", folder.resolve("home").toString());
        variables.put("IMAGE", docker.image());
        variables.put("POLICY", policy.toString());

        Result result = start(
                        project,
                        variables,
                        List.of(
                                "docker-compose",
                                "-f",
                                "compose.yaml",
                                "-f",
                                folder.resolve("stand-in.yaml").toString(),
                                "run",
                                "--rm",
                                "-T",
                                "codex",
                                "exec",
                                "say done",
                                "--output-last-message",
                                "review.md"))
                .result();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(project.resolve("review.md")).as(result.toString()).hasContent("done");
    }

    @Test
    void theGitLabJobRunsItsScriptInTheImage() throws IOException {
        Box root = withMachine(Box.plain(engine, name))
                .with(
                        "--volume=" + volume + ":/var/lib/codex-auth",
                        // As GitLab's helper leaves it: root's, cloned with a umask of 0.
                        "--volume=" + folder.resolve("checkout") + ":/builds/acme/app",
                        "--workdir=/builds/acme/app");
        assertThat(seed(root, standIn.newLogin(Duration.ofDays(9))))
                .matches(seeded -> seeded.exitCode() == 0, "seeded");
        assertThat(start(
                                folder.resolve("checkout"),
                                Map.of(),
                                List.of("sh", "-c", "umask 0; git init -q .; echo old > file"))
                        .result()
                        .exitCode())
                .isZero();
        String script = Files.readString(EXAMPLES.resolve("gitlab/.gitlab-ci.yml"))
                .replaceAll("(?s).*script:\\s+- ([^\\n]+)\\n.*", "$1");
        write("policy.yaml", """
                version: 1
                allow:
                  - platform: gitlab
                    visibility: [private]
                    runners: [self-hosted]
                """, "rw-r--r--");

        Result result = root.with("--entrypoint=sh")
                .with(Stream.of(
                                "GITLAB_CI=true",
                                "CI_PROJECT_ID=7",
                                "CI_PROJECT_PATH=acme/app",
                                "CI_PROJECT_VISIBILITY=private",
                                "CI_PIPELINE_SOURCE=push",
                                "CI_COMMIT_REF_NAME=main",
                                "CI_COMMIT_BRANCH=main",
                                "CI_COMMIT_REF_PROTECTED=true",
                                "GITLAB_USER_LOGIN=octo",
                                "CI_SERVER_HOST=gitlab.example.com",
                                "CI_RUNNER_TAGS=[\"codex\"]")
                        .map(variable -> "--env=" + variable)
                        .toArray(String[]::new))
                .run(
                        "-c",
                        script
                                + "; codex-auth run --id codex-ci -- sh -c 'id -u; echo new >> file; git status --short'");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo("done\n10002\n?? file\n");
        assertThat(folder.resolve("checkout/file")).hasContent("old\nnew");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "action-runner/action.yml",
                "examples/github-actions/container-step.yml",
                "examples/github-actions/prompt.yml",
                "examples/github-actions/host-steps.yml",
                "examples/github-actions/job-container.yml",
                "examples/github-actions/keepalive.yml",
                "examples/github-actions/vault.yml",
                "examples/github-actions/workload-identity.yml",
                ".github/workflows/build.yml"
            })
    void workflowsKeepToGitHubsSchema(String file) {
        Result result = lint(REPOSITORY, "node_modules/.bin/action-validator", file);

        assertThat(result.exitCode()).as(result.toString()).isZero();
    }

    @Test
    void theActionKeepsToGitHubsSchema() throws IOException {
        String action = Files.readString(REPOSITORY.resolve("action.yml"));
        assertThat(action).contains("using: node24");
        // The schema is older than that word.
        Path known = write("action.yml", action.replace("using: node24", "using: node20"), "rw-r--r--");

        Result result = lint(folder, "node_modules/.bin/action-validator", known.toString());

        assertThat(result.exitCode()).as(result.toString()).isZero();
    }

    @Test
    void actionlintFindsNothingInTheWorkflows() throws IOException {
        Path workflows = Files.createDirectories(folder.resolve(".github/workflows"));
        List<Path> examples;
        try (Stream<Path> files = Files.list(EXAMPLES.resolve("github-actions"))) {
            examples = files.toList();
            for (Path file : examples) {
                // Its build for npm reads no settings, in which labels of one's own would stand.
                Files.writeString(
                        workflows.resolve(String.valueOf(file.getFileName())),
                        Files.readString(file).replace("[self-hosted, codex]", "[self-hosted]"));
            }
        }

        Result result = Actionlint.on(folder);

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).contains("Checking " + examples.size() + " workflow");
    }

    @Test
    void manifestsKeepToTheSchemasOfKubernetesAndCompose() throws IOException {
        Path modules = Npm.install("examples/lint", "examples-lint");
        Result result = start(
                        modules,
                        Map.of(),
                        List.of(
                                "sh",
                                "-c",
                                "node --input-type=module - \"$@\" < " + EXAMPLES.resolve("lint/check.mjs"),
                                "check",
                                EXAMPLES.resolve("kubernetes/job.yaml").toString(),
                                EXAMPLES.resolve("kubernetes/volume-job.yaml").toString(),
                                EXAMPLES.resolve("kubernetes/volume-keepalive.yaml")
                                        .toString(),
                                EXAMPLES.resolve("compose/compose.yaml").toString()))
                .result();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).contains("ok Job", "ok CronJob", "ok PersistentVolumeClaim", "ok compose");
    }

    @Test
    void theGitLabFileKeepsToGitLabsSchema() throws IOException {
        Path project = Files.createDirectory(folder.resolve("project"));
        Files.copy(EXAMPLES.resolve("gitlab/.gitlab-ci.yml"), project.resolve(".gitlab-ci.yml"));
        git(project);

        Result result = lint(project, "node_modules/.bin/gitlab-ci-local", "--list");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.all()).contains("json schema validated");
    }

    @Test
    void systemdAcceptsTheUnits() throws IOException {
        List<String> command = new ArrayList<>(List.of("systemd-analyze", "verify"));
        try (Stream<Path> units = Files.list(EXAMPLES.resolve("systemd"))) {
            for (Path unit : units.toList()) {
                // What it starts has to be there.
                command.add(write(
                                String.valueOf(unit.getFileName()),
                                Files.readString(unit).replace("ExecStart=codex-auth", "ExecStart=true"),
                                "rw-r--r--")
                        .toString());
            }
        }

        Result result = start(folder, Map.of(), command).result();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err()).doesNotContain("codex-auth-keepalive");
        Result exposure = start(
                        folder,
                        Map.of(),
                        List.of(
                                "systemd-analyze",
                                "security",
                                "--offline=true",
                                "--threshold=20",
                                "--no-pager",
                                folder.resolve("codex-auth-keepalive.service").toString()))
                .result();
        assertThat(exposure.exitCode()).as(exposure.toString()).isZero();
    }

    private static Result lint(Path folder, String program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(
                Npm.install("examples/lint", "examples-lint").resolve(program).toString());
        command.addAll(List.of(arguments));
        return start(folder, Map.of(), command).result();
    }

    private static void git(Path project) {
        assertThat(start(project, Map.of(), List.of("git", "init", "-q", "."))
                        .result()
                        .exitCode())
                .isZero();
    }

    private static Running start(Path folder, Map<String, String> variables, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().putAll(variables);
        try {
            return new Running(builder.start());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
