package io.github.codexauth.runner.doctor;

import io.github.codexauth.CodexAuth;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.codex.CodexVersion;
import io.github.codexauth.codex.InstalledCodex;
import io.github.codexauth.codex.UnsupportedCodexException;
import io.github.codexauth.runner.job.JobEnvironment;
import io.github.codexauth.runner.process.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether there is a Codex, and one that can be told what we need to tell it. */
public final class CodexFindings {
    private CodexFindings() {}

    public static List<Finding> look(Map<String, String> environment) {
        List<Finding> findings = new ArrayList<>();
        Optional<Path> program = program(environment);
        Finding codex = program.isPresent()
                ? version(program.get(), environment)
                : Finding.weak(
                        "no codex on the PATH, so logins cannot be refreshed before the job",
                        "npm install -g @openai/codex");
        findings.add(codex);
        if (program.isPresent() && codex.state() != Finding.State.WRONG) {
            findings.add(SandboxFinding.look(environment));
        }
        findings.add(setsid(environment));
        findings.addAll(NetworkFindings.look(environment));
        List<String> competing = CodexAuth.credentialsIn(environment);
        if (!competing.isEmpty()) {
            findings.add(Finding.wrong(
                    "a second credential is in the environment: " + String.join(", ", competing),
                    "hand it to codex-auth instead, or: unset " + String.join(" ", competing)));
        }
        return findings;
    }

    private static Optional<Path> program(Map<String, String> environment) {
        try {
            return Optional.of(new Command(List.of("codex")).locate(environment));
        } catch (CodexAuthException none) {
            return Optional.empty();
        }
    }

    private static Finding version(Path codex, Map<String, String> environment) {
        try {
            CodexVersion version = InstalledCodex.ask(codex, JobEnvironment.withoutCredentials(environment))
                    .require();
            return TestedCodex.isNewer(version)
                    ? Finding.weak(
                            "Codex " + version + " at " + codex + " is newer than " + TestedCodex.version()
                                    + ", the newest that codex-auth was tested with",
                            "look for a newer codex-auth; should a job fail: npm install -g @openai/codex@"
                                    + TestedCodex.version())
                    : Finding.fine("Codex " + version + " at " + codex);
        } catch (UnsupportedCodexException e) {
            return Finding.wrong(e.problem(), e.hint());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Finding.weak("was told to stop while asking codex for its version", "run doctor again");
        }
    }

    private static Finding setsid(Map<String, String> environment) {
        try {
            new Command(List.of("setsid")).locate(environment);
            return Finding.fine("an early refresh runs out of reach of the job's signals (setsid)");
        } catch (CodexAuthException e) {
            return Finding.weak(
                    "no setsid on the PATH, so logins are not refreshed before the job",
                    "install util-linux, or busybox on Alpine");
        }
    }
}
