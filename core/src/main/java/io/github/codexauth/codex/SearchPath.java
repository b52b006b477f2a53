package io.github.codexauth.codex;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The folders in which programs are looked for, as a shell does.
 *
 * @param folders as in the variable {@code PATH}; an empty one is the current folder
 */
public record SearchPath(String folders) {
    /** That of a process with these variables; no folder at all if there is no {@code PATH}. */
    public static SearchPath in(Map<String, String> environment) {
        return new SearchPath(environment.getOrDefault("PATH", ""));
    }

    /** The program of this name that would be started; empty if there is none. */
    public Optional<Path> find(String program) {
        for (Path file : files(program)) {
            if (Files.isExecutable(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    /** Every file of this name, whether or not it can be executed, in the order in which they are looked at. */
    public List<Path> files(String program) {
        List<Path> files = new ArrayList<>();
        for (String folder : folders.split(File.pathSeparator, -1)) {
            Path file = Path.of(folder.isEmpty() ? "." : folder, program);
            if (Files.isRegularFile(file)) {
                files.add(file);
            }
        }
        return files;
    }
}
