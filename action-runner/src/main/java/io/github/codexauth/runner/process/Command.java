package io.github.codexauth.runner.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A program and its arguments, looked up before anything is started or taken.
 *
 * @param words the program first, at least one word
 */
public record Command(List<String> words) {
    /** @throws IllegalArgumentException if there is no word */
    public Command {
        words = List.copyOf(words);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a command has a program");
        }
    }

    /** The program as it was typed. */
    public String program() {
        return words.get(0);
    }

    /**
     * Finds the program as a shell would.
     *
     * @throws CommandNotFoundException if there is no such file (exit code 127)
     * @throws CommandNotExecutableException if there is, but it cannot be executed (exit code 126)
     */
    public Path locate(Map<String, String> environment) throws CommandNotFoundException, CommandNotExecutableException {
        if (program().indexOf('/') >= 0) {
            Path path = Path.of(program());
            if (!Files.exists(path)) {
                throw new CommandNotFoundException(program());
            }
            return requireExecutable(path);
        }
        Path unusable = null;
        for (String folder : environment.getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator))) {
            Path path = Path.of(folder.isEmpty() ? "." : folder, program());
            if (Files.isRegularFile(path)) {
                if (Files.isExecutable(path)) {
                    return path;
                }
                unusable = path;
            }
        }
        if (unusable != null) {
            throw new CommandNotExecutableException(unusable);
        }
        throw new CommandNotFoundException(program());
    }

    private static Path requireExecutable(Path path) throws CommandNotExecutableException {
        if (Files.isDirectory(path) || !Files.isExecutable(path)) {
            throw new CommandNotExecutableException(path);
        }
        return path;
    }
}
