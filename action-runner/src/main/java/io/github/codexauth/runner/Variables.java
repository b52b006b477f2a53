package io.github.codexauth.runner;

import io.github.codexauth.runner.job.JobEnvironment;
import io.github.codexauth.runner.process.InitialEnvironment;
import io.github.codexauth.runner.workflow.ActionInputs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The variables that this process was given.
 *
 * <p>Those that are no job's business must not be found in {@code /proc} either. Our own block is cleared
 * ({@link InitialEnvironment}). A process that stays above us keeps its own, so the image's first process gets them out
 * of its environment before it becomes one, and hands them to us through a pipe.
 */
final class Variables {
    /** The pipe's descriptor; in it are entries as in {@code /proc/PID/environ}. Set by the image's first process. */
    static final String PIPE = "CODEX_AUTH_VARIABLES_FD";

    private static final Set<String> DESCRIPTORS = Set.of("3", "4", "5", "6", "7", "8", "9");

    /** What {@code LC_ALL} was, or nothing. Set by the launcher. */
    static final String LOCALE = "CODEX_AUTH_LC_ALL";

    /** More than a process can be started with. */
    private static final int LONGEST = 8 * 1024 * 1024;

    private Variables() {}

    /** The variables of the environment, and those in the pipe that it names. */
    static Map<String, String> read(Map<String, String> environment) {
        Map<String, String> variables = new LinkedHashMap<>(environment);
        restoreLocale(variables);
        String descriptor = environment.getOrDefault(PIPE, "");
        if (!DESCRIPTORS.contains(descriptor)) {
            return variables;
        }
        variables.remove(PIPE);
        try (InputStream in = Files.newInputStream(Path.of("/proc/self/fd", descriptor))) {
            String entries = new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8);
            for (String entry : entries.split("\0")) {
                int equals = entry.indexOf('=');
                if (equals > 0) {
                    variables.put(entry.substring(0, equals), entry.substring(equals + 1));
                }
            }
        } catch (IOException closed) {
            // Then what it held is missing, and that is said by whoever looks for it.
            return variables;
        }
        return variables;
    }

    /** The launcher starts Java in a locale of UTF-8; the job gets the one that we were started in. */
    private static void restoreLocale(Map<String, String> variables) {
        String given = variables.remove(LOCALE);
        if (given == null) {
            return;
        }
        if (given.isEmpty()) {
            variables.remove("LC_ALL");
        } else {
            variables.put("LC_ALL", given);
        }
    }

    /** Whether a variable may hold what no other process is to read. */
    static boolean isOursAlone(String name) {
        return JobEnvironment.isKept(name) || name.startsWith(ActionInputs.PREFIX);
    }
}
