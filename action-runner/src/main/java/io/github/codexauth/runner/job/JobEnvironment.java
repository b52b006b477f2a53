package io.github.codexauth.runner.job;

import io.github.codexauth.CodexAuth;
import io.github.codexauth.runner.input.Inputs;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The variables a job gets: its own, without any credential Codex would take for another, without everything that is
 * for us alone, and with the one credential that was chosen.
 */
public final class JobEnvironment {
    private JobEnvironment() {}

    /** The environment of a job that signs in with {@code auth}. */
    public static Map<String, String> of(Map<String, String> ours, Map<String, String> authVariables, Path codexHome) {
        Map<String, String> job = withoutCredentials(ours);
        job.putAll(authVariables);
        job.put("CODEX_HOME", codexHome.toString());
        return job;
    }

    /** A copy without any way to sign in and without our own inputs. */
    public static Map<String, String> withoutCredentials(Map<String, String> ours) {
        Map<String, String> job = new LinkedHashMap<>(ours);
        job.keySet().removeIf(JobEnvironment::isKept);
        return job;
    }

    /** Whether a variable is a credential of any kind, or an input of ours: what no job finds among its own. */
    public static boolean isKept(String variable) {
        return CodexAuth.CREDENTIAL_VARIABLES.contains(variable) || variable.startsWith(Inputs.PREFIX);
    }
}
