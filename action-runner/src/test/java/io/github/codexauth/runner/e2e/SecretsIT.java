package io.github.codexauth.runner.e2e;

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
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * No token that was ever issued is found where it does not belong: in output, arguments, environments, leftover files.
 */
class SecretsIT extends OnOneMachine {
    private Login login;

    @BeforeEach
    void machineWithAnEncryptedStore() {
        Path identity = folder.resolve("identity.txt");
        assertThat(cli.run("keygen", "--output", identity.toString()).exitCode())
                .isZero();
        cli = cli.with("CODEX_AUTH_AGE_IDENTITY_FILE", identity.toString());
        login = standIn.newLogin(Duration.ofHours(-1));
        cli.seed(login);
        Path seed = folder.resolve("seed.json");
        assertThat(seed.toFile().delete()).isTrue();
    }

    @Test
    void aRunThatRefreshesTwiceAndPrintsItsFilesLeavesNoTokenBehind() {
        String chatty = "cat $CODEX_HOME/auth.json; " + exec()
                + "; cat $CODEX_HOME/auth.json; base64 -w0 $CODEX_HOME/auth.json;"
                + " cat $CODEX_HOME/auth.json >&2; exit 3";
        Result first = cli.runJob("sh", "-c", chatty);
        standIn.endAccessTokens();
        Result second = cli.with("GITHUB_ACTIONS", "true")
                .with("GITHUB_REPOSITORY", "acme/app")
                .runJob("sh", "-c", chatty);
        Result status = cli.run("status", "--json");

        assertThat(first.exitCode()).as(first.toString()).isEqualTo(3);
        assertThat(first.out()).contains("\"refresh_token\" : \"***\"");
        assertThat(second.exitCode()).as("refused: GitHub is not in the policy").isEqualTo(77);
        assertNoToken(first.all() + second.all() + status.all());
        assertNoTokenInFiles();
    }

    @Test
    void inGitHubActionsEveryTokenIsMaskedByItselfBeforeItCouldBePrintedAndTheJsonNever() {
        cli = cli.inGitHubActions();

        Result result = cli.runJob("sh", "-c", "cat $CODEX_HOME/auth.json");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        List<String> masks = result.err()
                .lines()
                .filter(line -> line.startsWith("::add-mask::"))
                .map(line -> line.substring("::add-mask::".length()))
                .toList();
        assertThat(masks)
                .contains(
                        login.current().refreshToken(),
                        login.current().accessToken(),
                        login.current().idToken());
        assertThat(masks).noneMatch(mask -> mask.startsWith("{"));
        assertNoToken(result.out());
        assertNoToken(String.join(
                "\n",
                result.err()
                        .lines()
                        .filter(line -> !line.startsWith("::add-mask::"))
                        .toList()));
    }

    @Test
    void whileAJobRunsNoTokenIsInAnyArgumentOrEnvironment() {
        Running running = cli.start(Cli.job("sh", "-c", exec() + "; echo ready; sleep 300"));
        running.awaitOutput("ready");

        List<String> places = new ArrayList<>();
        Stream.concat(Stream.of(running.handle()), running.handle().descendants())
                .forEach(process -> {
                    places.add(read(Path.of("/proc", Long.toString(process.pid()), "cmdline")));
                    places.add(read(Path.of("/proc", Long.toString(process.pid()), "environ")));
                });
        running.killEverything();

        assertThat(places).hasSizeGreaterThanOrEqualTo(4);
        places.forEach(this::assertNoToken);
        assertThat(places.get(places.size() - 1)).doesNotContain("CODEX_AUTH_AGE_IDENTITY_FILE");
    }

    @Test
    void anApiKeyIsInTheJobsOwnEnvironmentAlone() {
        String key = standIn.newApiKey();
        Path file = cli.write("key", key);
        Running running =
                cli.start("run", "--api-key-file", file.toString(), "--", "sh", "-c", "echo ready; sleep 300; true");
        running.awaitOutput("ready");

        String ours = read(Path.of("/proc", Long.toString(running.handle().pid()), "environ"));
        String jobs = running.handle()
                .children()
                .map(child -> read(Path.of("/proc", Long.toString(child.pid()), "environ")))
                .reduce("", String::concat);
        running.killEverything();

        assertThat(ours).doesNotContain(key);
        assertThat(jobs).contains("CODEX_API_KEY=" + key);
    }

    private static String exec() {
        return String.join(" ", Cli.codexExec()).replace("say done", "hi");
    }

    private void assertNoToken(String text) {
        Set<String> tokens = standIn.everyTokenIssued();
        assertThat(tokens).isNotEmpty();
        for (String token : tokens) {
            assertThat(text.contains(token)).as("a token was found").isFalse();
            for (String part : token.split("\\.")) {
                boolean header = part.startsWith("eyJhbGciOiJSUzI1NiI");
                assertThat(!header && part.length() > 20 && text.contains(part))
                        .as("a part of a token was found")
                        .isFalse();
            }
        }
    }

    private void assertNoTokenInFiles() {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).hasSizeGreaterThan(5);
            all.forEach(file -> assertNoToken(read(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return "";
        }
    }
}
