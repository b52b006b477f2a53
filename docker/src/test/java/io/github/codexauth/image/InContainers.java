package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.standin.StandIn;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A machine with an engine, a store in a volume, and a folder with what its operator mounts. */
abstract class InContainers {
    static final String[] SAY_DONE = {"codex", "exec", "--skip-git-repo-check", "say done"};

    final Engine engine = engine();
    final StandIn standIn = StandIn.start();
    final String name = "codex-auth-" + UUID.randomUUID();
    final String volume = name + "-store";

    @TempDir
    Path folder;

    /** What runs the containers: engine, unless a test is about Docker. */
    Engine engine() {
        return Podman.withImage();
    }

    @BeforeEach
    void setUpMachine() {
        write("policy.yaml", """
                version: 1
                allow:
                  - platform: none
                """, "rw-r--r--");
        makeFolder("checkout");
        write("config.toml", RealCodex.config(standIn), "rw-r--r--");
    }

    @AfterEach
    void tearDownMachine() {
        engine.remove(List.of(name, name + "-2"), volume);
        assertThat(standIn.events(Reused.class)).isEmpty();
        standIn.close();
    }

    /** The README's way to run the image, with this machine's policy and the stand-in in OpenAI's place. */
    Box box() {
        return withMachine(Box.hardened(engine, name))
                .with(
                        "--volume=" + volume + ":/var/lib/codex-auth",
                        "--volume=" + folder.resolve("checkout") + ":/workspace");
    }

    Box withMachine(Box box) {
        return box.with("--volume=" + folder.resolve("policy.yaml") + ":/etc/codex-auth/policy.yaml:ro")
                .with(standInOptions().toArray(String[]::new));
    }

    /** What sends Codex to the stand-in. */
    List<String> standInOptions() {
        return List.of(
                "--network=host",
                "--volume=" + folder.resolve("config.toml") + ":/etc/codex-auth/config.toml:ro",
                "--env=CODEX_AUTH_CODEX_CONFIG=/etc/codex-auth/config.toml",
                "--env=CODEX_REFRESH_TOKEN_URL_OVERRIDE=" + standIn.tokenUrl(),
                "--env=CODEX_AUTHAPI_BASE_URL=" + standIn.url());
    }

    static String[] job(String... command) {
        return words(new String[] {"run", "--id", "codex-ci", "--"}, command);
    }

    static String[] words(String[] first, String... second) {
        String[] all = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** Puts a login into the volume under the name {@code codex-ci}. */
    void seed(Login login) {
        Result seeded = seed(box(), login);
        assertThat(seeded.exitCode()).as(seeded.toString()).isZero();
    }

    /**
     * Puts a login into the volume whose access token the server will refuse, though it looks fresh: Codex refreshes
     * mid-job.
     */
    Login seedRefusedLogin() {
        Login login = standIn.newLogin(Duration.ofDays(9));
        seed(login);
        standIn.endAccessTokens();
        return login;
    }

    Result seed(Box box, Login login) {
        // The image's user has to read it.
        write("seed.json", new String(login.authJson(), StandardCharsets.UTF_8), "rw-r--r--");
        return box.with("--volume=" + folder.resolve("seed.json") + ":/run/secrets/codex:ro")
                .run("seed", "--id", "codex-ci", "--seed-file", "/run/secrets/codex");
    }

    /** Whether the volume has the newest of a login's refresh tokens. */
    boolean stores(Login login) {
        Result stored = Box.plain(engine, name + "-2")
                .with("--volume=" + volume + ":/store", "--entrypoint=cat", "--user=0")
                .run("/store/store/credentials/codex-ci/current.json");
        assertThat(stored.exitCode()).as(stored.toString()).isZero();
        String authJson = stored.out().replaceAll("(?s).*\"authJson\"\\s*:\\s*\"([^\"]*)\".*", "$1");
        return new String(Base64.getDecoder().decode(authJson), StandardCharsets.UTF_8)
                .contains(login.current().refreshToken());
    }

    /** A folder that every user may write. */
    Path makeFolder(String name) {
        try {
            return Files.setPosixFilePermissions(
                    Files.createDirectory(folder.resolve(name)), PosixFilePermissions.fromString("rwxrwxrwx"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path write(String file, String content, String mode) {
        try {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, content);
            return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
