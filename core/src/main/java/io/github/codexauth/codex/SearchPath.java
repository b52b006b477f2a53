package io.github.codexauth.codex;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
        return files(program).filter(Files::isExecutable).findFirst();
    }

    /** Every file of this name, whether or not it can be executed, in the order in which they are looked at. */
    public Stream<Path> files(String program) {
        return Stream.of(folders.split(Pattern.quote(File.pathSeparator), -1))
                .map(folder -> Path.of(folder.isEmpty() ? "." : folder, program))
                .filter(Files::isRegularFile);
    }
}
