package io.github.codexauth.runner.doctor;

import io.github.codexauth.CodexAuth;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.process.Command;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Whether there is a Codex, and one that can be told what we need to tell it. */
public final class CodexFindings {
    private static final int LONGEST_VERSION = 200;

    private CodexFindings() {}

    public static List<Finding> look(Map<String, String> environment) {
        List<Finding> findings = new ArrayList<>();
        Finding codex = codex(environment);
        findings.add(codex);
        if (codex.state() == Finding.State.FINE) {
            findings.add(SandboxFinding.look(environment));
        }
        findings.add(setsid(environment));
        List<String> competing = CodexAuth.CREDENTIAL_VARIABLES.stream()
                .filter(variable -> !environment.getOrDefault(variable, "").isBlank())
                .toList();
        if (!competing.isEmpty()) {
            findings.add(Finding.wrong(
                    "a second credential is in the environment: " + String.join(", ", competing),
                    "hand it to codex-auth instead, or: unset " + String.join(" ", competing)));
        }
        return findings;
    }

    private static Finding codex(Map<String, String> environment) {
        Path codex;
        try {
            codex = new Command(List.of("codex")).locate(environment);
        } catch (CodexAuthException e) {
            return Finding.weak(
                    "no codex on the PATH, so logins cannot be refreshed before the job",
                    "npm install -g @openai/codex");
        }
        try {
            Process process = new ProcessBuilder(codex.toString(), "--version")
                    .redirectError(Redirect.DISCARD)
                    .start();
            String version = new String(process.getInputStream().readNBytes(LONGEST_VERSION), StandardCharsets.UTF_8);
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                return Finding.wrong(codex + " does not say its version", "run it by hand: codex --version");
            }
            return Finding.fine(version.strip() + " at " + codex);
        } catch (IOException e) {
            return Finding.wrong("cannot run " + codex, "run it by hand: codex --version");
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
