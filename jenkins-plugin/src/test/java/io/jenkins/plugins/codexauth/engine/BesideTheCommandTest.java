package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.testing.Requirement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Builds, and jobs of other systems that run the real {@code codex-auth} command, on one login of a fleet's. */
class BesideTheCommandTest extends InJenkins {
    private static Path jar;
    private static Fleet fleet;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        Path module = Path.of("../action-runner");
        Assumptions.assumeTrue(Files.isDirectory(module), "skipped: the command's sources are in another repository");
        jar = module.resolve("target/codex-auth.jar").toAbsolutePath();
        if (!Files.exists(jar)) {
            throw Requirement.isMissing("the command is needed: mvn -pl core,stores,action-runner package");
        }
        fleet = Fleet.onPostgresql();
        fleet.secrets(lab);
    }

    @AfterAll
    static void stop() {
        if (fleet != null) {
            fleet.close();
        }
    }

    private Login fleetLogin() throws Exception {
        Login login = standIn.newLogin(Duration.ofDays(9));
        fleet.account(Jenkins.get(), account, login, fleet.passwordId());
        // The first build puts what was pasted into the store.
        lab.success(lab.job(job + "-seed", lab.blockWith("authJson: '" + account + "'", "true")));
        standIn.endAccessTokens();
        return login;
    }

    /** A job of another system. Its Codex works, and it has the login until {@link #letElsewhereGoOn}. */
    private Process elsewhere(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("java", "-jar", jar.toString(), "run", "--id", account));
        command.addAll(fleet.options(secret("password"), secret("identity")));
        command.addAll(List.of("--homes", folder.resolve("homes").toString()));
        command.addAll(List.of("--policy", file("policy.yaml", """
                version: 1
                allow: [{platform: none}]
                job-may-write-policy: true
                credentials:
                  %s: {shared: true}
                """.formatted(account))));
        command.addAll(List.of("--codex-config", file("config.toml", RealCodex.config(standIn))));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "--", "sh", "-c", Lab.CODEX + "; touch has-it; until [ -e go-on ]; do sleep 0.1; done; " + Lab.CODEX));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().clear();
        builder.environment().putAll(RealCodex.get().environment(standIn, folder));
        Process started = builder.start();
        Lab.await(() -> Files.exists(folder.resolve("has-it")) || !started.isAlive());
        return started;
    }

    private Path secret(String name) throws IOException {
        return Files.createFile(
                folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private void letElsewhereGoOn() throws IOException {
        Files.createFile(folder.resolve("go-on"));
    }

    private void assertSucceeded(Process elsewhere) throws Exception {
        assertThat(elsewhere.waitFor()).as(() -> read(folder.resolve("output"))).isZero();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private WorkflowRun build() throws Exception {
        return lab.job(job, lab.blockWith("authJson: '" + account + "'", Lab.CODEX))
                .scheduleBuild2(0)
                .waitForStart();
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "access"})
    void aBuildWaitsForAJobElsewhereAndGoesOnFromWhatThatRefreshed(String give) throws Exception {
        Login login = fleetLogin();
        Process elsewhere = elsewhere("--give", give);
        try {
            assertThat(fleet.stored(account).generation()).isEqualTo(2);
            standIn.endAccessTokens();
            WorkflowRun run = build();
            jenkins.waitForMessage("in the fleet's store", run);
            letElsewhereGoOn();

            assertSucceeded(elsewhere);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            assertThat(fleet.stored(account).generation())
                    .isEqualTo(login.states().size());
            assertThat(Lab.holder(account)).isEmpty();
        } finally {
            elsewhere.destroy();
        }
    }

    @Test
    void aBuildRefreshesTheLoginOfAJobElsewhereThatSharesIt() throws Exception {
        Login login = fleetLogin();
        Process elsewhere = elsewhere("--shared");
        try {
            standIn.endAccessTokens();
            WorkflowRun run = build();

            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            jenkins.assertLogContains("stored as generation 3", run);
            letElsewhereGoOn();
            assertSucceeded(elsewhere);
            assertThat(login.states()).hasSize(3);
            assertThat(fleet.stored(account).generation()).isEqualTo(3);
        } finally {
            elsewhere.destroy();
        }
    }
}
