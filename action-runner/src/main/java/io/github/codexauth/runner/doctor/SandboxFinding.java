package io.github.codexauth.runner.doctor;

import io.github.codexauth.runner.job.JobEnvironment;
import io.github.codexauth.runner.process.JobUser;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Whether Codex can confine the commands that the model runs, found out by letting it confine one.
 *
 * <p>Measured on Codex 0.169.0: its sandbox (bubblewrap) needs a writable temporary folder and the system calls
 * {@code clone}, {@code unshare}, {@code mount}, {@code umount2} and {@code pivot_root}. Podman's default seccomp
 * profile allows them, Docker's does not.
 */
final class SandboxFinding {
    private static final int LONGEST_ANSWER = 4096;
    private static final int SECONDS = 10;
    private static final Path DOCKER_MARK = Path.of("/.dockerenv");

    private static final String WITHOUT =
            "; without it Codex runs the model's commands only with its bypass flag, which the image's requirements.toml"
                    + " and yours can forbid; a job then gets placeholders for its credential (--give nothing)";

    private static final String FOR_TWO_USERS =
            "; the store and the secrets are out of a job's reach anyway, so jobs with a key"
                    + " may pass Codex's bypass flag; for a login that a job gets whole Codex wants the sandbox";

    private SandboxFinding() {}

    static Finding look(Map<String, String> environment) {
        Path home;
        try {
            home = Files.createTempDirectory("codex-auth-doctor");
        } catch (IOException e) {
            return Finding.wrong(
                    "the temporary folder cannot be written, which Codex's sandbox needs" + WITHOUT,
                    "in a read-only container add: --tmpfs /tmp");
        }
        try {
            return judge(environment, home);
        } finally {
            remove(home);
        }
    }

    private static Finding judge(Map<String, String> environment, Path home) {
        ProcessBuilder codex = new ProcessBuilder("codex", "sandbox", "--", "true")
                .redirectErrorStream(true)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
        codex.environment().clear();
        codex.environment().putAll(JobEnvironment.withoutCredentials(environment));
        codex.environment().put("CODEX_HOME", home.toString());
        try {
            Process process = codex.start();
            String answer = new String(process.getInputStream().readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Finding.weak("Codex's sandbox does not answer", "try it: codex sandbox -- true");
            }
            if (process.exitValue() == 0) {
                return Finding.fine("Codex's sandbox confines what the model runs");
            }
            String hint = hint(answer, isContainer(environment));
            return JobUser.in(environment).isPresent()
                    ? Finding.weak("Codex's sandbox does not work here" + FOR_TWO_USERS, hint)
                    : Finding.wrong("Codex's sandbox does not work here" + WITHOUT, hint);
        } catch (IOException e) {
            return Finding.weak("Codex's sandbox cannot be tried", "try it: codex sandbox -- true");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Finding.weak("was told to stop while trying Codex's sandbox", "run doctor again");
        }
    }

    private static String hint(String answer, boolean container) {
        if (answer.contains("Read-only file system")) {
            return "in a read-only container add: --tmpfs /tmp";
        }
        return container
                ? "docker run --security-opt seccomp=FILE with a profile that allows clone, unshare, mount, umount2 and"
                        + " pivot_root; docs/container.md says where there is one"
                : "as root: sysctl -w user.max_user_namespaces=15000, and on Ubuntu: sysctl -w"
                        + " kernel.apparmor_restrict_unprivileged_userns=0; then try: codex sandbox -- true";
    }

    /** Podman sets a variable, Docker makes a file. */
    private static boolean isContainer(Map<String, String> environment) {
        return environment.containsKey("container") || Files.exists(DOCKER_MARK);
    }

    private static void remove(Path home) {
        try (var files = Files.walk(home)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException left) {
            // It holds no secret, and the system empties its temporary folder.
        }
    }
}
