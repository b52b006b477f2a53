package io.github.codexauth.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The Codex processes that use a home, found by the {@code CODEX_HOME} in their environment.
 *
 * <p>A process that outlives its job could refresh the login after we saved it, and nobody would keep what it got. So it
 * is ended, but never in the middle of a refresh: it is stopped, looked at, and either killed while it stands still or allowed to
 * go on until its refresh is over.
 *
 * <p>Knows Linux's {@code /proc}; elsewhere it finds nothing.
 */
final class CodexProcesses {
    private static final Path PROC = Path.of("/proc");
    private static final int LONGEST_ENVIRONMENT = 2 * 1024 * 1024;

    private final CodexHome home;

    CodexProcesses(CodexHome home) {
        this.home = home;
    }

    /**
     * Ends all of them.
     *
     * @param patience how long a refresh may take before it is ended all the same
     * @return how many there were
     */
    int end(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        int ended = 0;
        while (true) {
            List<ProcessHandle> running = running();
            if (running.isEmpty()) {
                return ended;
            }
            signal("STOP", running);
            if (!RefreshInFlight.isRefreshing(home.folder()) || System.nanoTime() > deadline) {
                for (ProcessHandle process : running) {
                    process.destroyForcibly();
                    ended++;
                }
                awaitEnd(running);
            } else {
                signal("CONT", running);
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private List<ProcessHandle> running() {
        List<ProcessHandle> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (isCodex(process) && usesHome(process)) {
                    ProcessHandle.of(Long.parseLong(String.valueOf(process.getFileName())))
                            .ifPresent(found::add);
                }
            }
        } catch (IOException notLinux) {
            return List.of();
        }
        return found;
    }

    private static boolean isCodex(Path process) {
        try {
            return String.valueOf(Files.readSymbolicLink(process.resolve("exe")).getFileName())
                    .startsWith("codex");
        } catch (IOException endedOrNotOurs) {
            return false;
        }
    }

    /** Whether one of them may be refreshing; see {@link TokenConnection}. */
    boolean areConnectedToTokenServer() {
        return running().stream()
                .anyMatch(process ->
                        TokenConnection.isOpen(process.pid(), environment(PROC.resolve(Long.toString(process.pid())))));
    }

    private boolean usesHome(Path process) {
        return home.folder().toString().equals(environment(process).get("CODEX_HOME"));
    }

    private static Map<String, String> environment(Path process) {
        Map<String, String> variables = new HashMap<>();
        try (var in = Files.newInputStream(process.resolve("environ"))) {
            String environment = new String(in.readNBytes(LONGEST_ENVIRONMENT), StandardCharsets.UTF_8);
            for (String variable : environment.split("\0")) {
                int equals = variable.indexOf('=');
                if (equals > 0) {
                    variables.put(variable.substring(0, equals), variable.substring(equals + 1));
                }
            }
        } catch (IOException endedOrNotOurs) {
            return Map.of();
        }
        return variables;
    }

    private static void awaitEnd(List<ProcessHandle> processes) throws InterruptedException {
        for (ProcessHandle process : processes) {
            try {
                process.onExit().get(1, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException notYet) {
                // The next look finds it again.
                continue;
            }
        }
    }

    /** Java sends no signals but TERM and KILL; the shell's built-in kill is everywhere. */
    private static void signal(String name, List<ProcessHandle> processes) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -s \"$@\"", "sh", name));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        try {
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException noShell) {
            // Then they are ended without having been stopped first.
        }
    }
}
