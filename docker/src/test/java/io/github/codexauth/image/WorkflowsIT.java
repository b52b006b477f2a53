package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Npm;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our own workflows and the plugin's, which only GitHub can run: held against its schema and by actionlint. */
class WorkflowsIT {
    private static final Path REPOSITORY = Path.of(System.getProperty("codexauth.repository", ".."))
            .toAbsolutePath()
            .normalize();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("workflows")
    void theyKeepToGitHubsSchema(Path workflow) throws IOException {
        Path copies = Files.createDirectories(folder.resolve(".github/workflows"));
        Path copy = copies.resolve(workflow.getFileName());
        // A permission that is younger than the validator's schema.
        Files.writeString(
                copy, Files.readString(REPOSITORY.resolve(workflow)).replace("      attestations: write\n", ""));

        Result result = lint(folder, "action-validator", copy.toString());

        assertThat(result.exitCode()).as(result.toString()).isZero();
    }

    @Test
    void actionlintFindsNothingInThem() throws IOException {
        Path copies = Files.createDirectories(folder.resolve(".github/workflows"));
        for (Path workflow : workflows()) {
            Files.copy(REPOSITORY.resolve(workflow), copies.resolve(workflow.getFileName()));
        }

        Result result = Actionlint.on(folder);

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).contains("Checking " + workflows().size() + " workflow");
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void theyNameNoRepositoryOfOurs(Path workflow) throws IOException {
        assertThat(Files.readString(REPOSITORY.resolve(workflow))).doesNotContain("codex-auth/codex-auth");
    }

    static List<Path> workflows() throws IOException {
        List<Path> workflows = new ArrayList<>();
        for (String folder : List.of(".github/workflows", "jenkins-plugin/.github/workflows")) {
            try (Stream<Path> files = Files.list(REPOSITORY.resolve(folder))) {
                files.map(REPOSITORY::relativize).sorted().forEach(workflows::add);
            }
        }
        return workflows;
    }

    private static Result lint(Path folder, String program, String argument) {
        Path bin = Npm.install("examples/lint", "examples-lint").resolve("node_modules/.bin");
        List<String> command = new ArrayList<>(List.of(bin.resolve(program).toString(), argument));
        try {
            return new Running(new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .start())
                    .result();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
