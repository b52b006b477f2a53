package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands that people paste out of the pages, on Docker's defaults. */
class DocsIT extends InContainers {
    private static final Path REPOSITORY = Path.of(System.getProperty("codexauth.repository", ".."));
    /** An indented block of lines that begins with a {@code docker run} and goes on behind backslashes. */
    private static final Pattern DOCKER_RUN = Pattern.compile("^    (docker run (?:.*\\\\\n)*.*)$", Pattern.MULTILINE);

    private static final String VOLUME_OF_THE_PAGES = "codex-auth";

    private final Login login = standIn.newLogin(Duration.ofHours(-1));

    @Override
    Engine engine() {
        return Dockerd.withImage();
    }

    /** The engine's own program, which takes what is typed for {@code docker}. */
    String program() {
        return "docker";
    }

    @BeforeEach
    void aPersonWithACheckout() {
        write("etc/policy.yaml", "version: 1\nallow:\n  - platform: none\n", "rw-r--r--");
        write("home/.codex/auth.json", new String(login.authJson(), StandardCharsets.UTF_8), "rw-------");
        write("home/.config/codex-auth/openai-api-key", standIn.newApiKey(), "rw-------");
        String options = standInOptions().stream()
                // Elsewhere than in a folder that a page mounts read-only.
                .map(option -> option.replace("/etc/codex-auth/config.toml", "/stand-in/config.toml"))
                .map(option -> "'" + option + "'")
                .collect(Collectors.joining(" "));
        write(
                "bin/docker",
                "#!/bin/sh\nPATH=${PATH#*:}\nshift\nexec " + program() + " run " + options + " \"$@\"\n",
                "rwxr-xr-x");
        assertThat(paste("git init -q . && chown -R 1234:1234 .").exitCode()).isZero();
    }

    @AfterEach
    void removeTheVolume() {
        engine.remove(List.of(), VOLUME_OF_THE_PAGES);
    }

    @Test
    void thoseOfTheContainersPage() throws IOException {
        List<String> blocks = blocks("docs/container.md");

        Result seeded = paste(one(blocks, "codex-auth seed"));
        Result withKey = paste(one(blocks, "--api-key-file"));
        Result withLogin = paste(one(blocks, "run --id codex-ci"));

        assertThat(seeded.exitCode()).as(seeded.toString()).isZero();
        for (Result result : List.of(withKey, withLogin)) {
            assertThat(result.exitCode()).as(result.toString()).isZero();
            assertThat(result.out()).isEqualTo("done\n");
        }
        assertThat(withLogin.err()).contains("Codex refreshed the login; it is stored as generation 2");
    }

    @Test
    void thatOfTheReadmeWithTheLoginThatTheGitHubPageSeeds() throws IOException {
        Result seeded = paste(one(blocks("docs/github-actions.md"), "codex-auth seed"));
        Result result = paste(one(blocks("README.md"), "run --id codex-ci"));

        assertThat(seeded.exitCode()).as(seeded.toString()).isZero();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo("done\n");
    }

    private static String one(List<String> blocks, String words) {
        return blocks.stream()
                .filter(block -> block.contains(words))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> blocks(String page) throws IOException {
        List<String> blocks = new ArrayList<>();
        Matcher matcher = DOCKER_RUN.matcher(Files.readString(REPOSITORY.resolve(page)));
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }

    /** In the checkout; the machine's own policy is not the test's to write. */
    private Result paste(String script) {
        ProcessBuilder shell = new ProcessBuilder(
                        "sh", "-c", script.replace("-v /etc/codex-auth", "-v " + folder.resolve("etc")))
                .directory(folder.resolve("checkout").toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        shell.environment().putAll(engine.environment());
        shell.environment().put("HOME", folder.resolve("home").toString());
        shell.environment().merge("PATH", folder.resolve("bin").toString(), (path, first) -> first + ":" + path);
        try {
            return new Running(shell.start()).result();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
