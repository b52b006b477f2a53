package io.github.codexauth.runner.doctor;

import io.github.codexauth.session.ReplaceableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What about the machine protects a login, or burns it. */
public final class MachineFindings {
    private static final Path REQUIREMENTS = Path.of("/etc/codex/requirements.toml");
    private static final Path USER_NAMESPACES = Path.of("/proc/sys/user/max_user_namespaces");

    private MachineFindings() {}

    /** @param state where private homes and rescue copies lie */
    public static List<Finding> look(Map<String, String> environment, Path userHome, Path state) {
        List<Finding> findings = new ArrayList<>();
        findings.add(requirements(state));
        findings.add(namespaces());
        Path codexHome = Optional.ofNullable(environment.get("CODEX_HOME"))
                .filter(value -> !value.isBlank())
                .map(Path::of)
                .orElseGet(() -> Path.of(environment.getOrDefault("HOME", userHome.toString()), ".codex"));
        Path login = codexHome.resolve("auth.json");
        if (Files.exists(login, LinkOption.NOFOLLOW_LINKS)) {
            findings.add(ReplaceableFile.obstacle(login)
                    .map(obstacle -> Finding.wrong(
                            "Codex would burn the login in " + codexHome + ": " + obstacle,
                            "give that login to codex-auth: codex-auth seed --id codex-ci --seed-file " + login))
                    .orElseGet(() -> Finding.weak(
                            "there is a login in " + codexHome + " that a job could use by accident",
                            "if codex-auth has it now, remove this copy: rm " + login)));
        }
        return findings;
    }

    private static Finding requirements(Path state) {
        try {
            if (Files.size(REQUIREMENTS) < 1024 * 1024
                    && Files.readString(REQUIREMENTS).contains("deny_read")) {
                return Finding.fine(REQUIREMENTS + " denies reading, whatever flags the job passes");
            }
        } catch (IOException absent) {
            // Then it protects nothing.
        }
        return Finding.weak(
                "a job that passes --sandbox or the bypass flag lets the model's commands read its login",
                "as root: mkdir -p /etc/codex && printf '[permissions.filesystem]\\ndeny_read = [\"%s\"]\\n' " + state
                        + " >> " + REQUIREMENTS);
    }

    private static Finding namespaces() {
        try {
            if (Files.readString(USER_NAMESPACES).strip().equals("0")) {
                return Finding.weak(
                        "user namespaces are switched off, which Codex's sandbox needs",
                        "as root: sysctl -w user.max_user_namespaces=15000");
            }
            return Finding.fine("user namespaces are there for Codex's sandbox");
        } catch (IOException notLinux) {
            return Finding.weak("cannot tell whether Codex's sandbox works here", "try it: codex sandbox -- true");
        }
    }
}
