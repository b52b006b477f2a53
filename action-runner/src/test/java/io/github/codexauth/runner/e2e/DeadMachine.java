package io.github.codexauth.runner.e2e;

import io.github.codexauth.AuthJson;
import io.github.codexauth.InvalidAuthJsonException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is left of a machine that lost its power.
 *
 * @param folder of the test, which everything that ran there had in its environment
 */
record DeadMachine(Path folder) {
    /** Ends everything that runs there, also what is born meanwhile. */
    static DeadMachine powerOff(Path folder) {
        List<ProcessHandle> found;
        do {
            found = ProcessHandle.allProcesses()
                    .filter(process -> environment(process).contains(folder.toString()))
                    .toList();
            found.forEach(ProcessHandle::destroyForcibly);
            found.forEach(process -> process.onExit().join());
        } while (!found.isEmpty());
        return new DeadMachine(folder);
    }

    private static String environment(ProcessHandle process) {
        try {
            return Files.readString(
                    Path.of("/proc", Long.toString(process.pid()), "environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return "";
        }
    }

    /** Whether a refresh token is in a whole file of Codex's, below one of the machine's folders. */
    boolean has(String refreshToken, Path homes) {
        try (Stream<Path> files = Files.walk(homes)) {
            return files.filter(file -> file.getFileName().toString().matches("auth\\.json|\\.auth-.*"))
                    .anyMatch(file -> isWholeWith(refreshToken, file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isWholeWith(String refreshToken, Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            AuthJson.parse(bytes, "file");
            return new String(bytes, StandardCharsets.UTF_8).contains(refreshToken);
        } catch (IOException | InvalidAuthJsonException torn) {
            return false;
        }
    }
}
