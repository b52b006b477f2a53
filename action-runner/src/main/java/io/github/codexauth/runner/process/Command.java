package io.github.codexauth.runner.process;

import io.github.codexauth.PastedSecret;
import io.github.codexauth.codex.SearchPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program and its arguments, looked up before anything is started or taken.
 *
 * @param words the program first, at least one word
 * @param user whom it runs as; empty for our own user
 * @param input the file that it reads; empty for our own input
 */
public record Command(List<String> words, Optional<JobUser> user, Optional<Path> input) {
    /** What programs and their paths are made of. Anything else may be a prompt, which is a stranger's text perhaps. */
    private static final String PLAIN = "(?U)[\\w./+@:,=~-]{1,200}";

    static final String NOT_SHOWN = "(not shown, since it looks like no program)";

    /** @throws IllegalArgumentException if there is no word */
    public Command {
        words = List.copyOf(words);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a command has a program");
        }
    }

    /** A command of our own user. */
    public Command(List<String> words) {
        this(words, Optional.empty(), Optional.empty());
    }

    /** The same command as another user. */
    public Command as(Optional<JobUser> other) {
        return new Command(words, other, input);
    }

    /** The same command with something to read. */
    public Command reading(Optional<Path> file) {
        return new Command(words, user, file);
    }

    /** What the system is told to start. */
    List<String> started() {
        return user.isPresent() ? user.get().starting(words) : words;
    }

    /** The program as it was typed. */
    String program() {
        return words.get(0);
    }

    /** The program for messages: without what was perhaps never meant to be one. */
    public String shownProgram() {
        return program().matches(PLAIN) && !PastedSecret.looksLike(program()) ? program() : NOT_SHOWN;
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
                throw new CommandNotFoundException(shownProgram());
            }
            return requireExecutable(path);
        }
        SearchPath path = SearchPath.in(environment);
        Optional<Path> executable = path.find(program());
        if (executable.isPresent()) {
            return executable.get();
        }
        List<Path> unusable = path.files(program());
        if (!unusable.isEmpty()) {
            throw notExecutable(unusable.get(0));
        }
        throw new CommandNotFoundException(shownProgram());
    }

    private Path requireExecutable(Path path) throws CommandNotExecutableException {
        if (Files.isDirectory(path) || !Files.isExecutable(path)) {
            throw notExecutable(path);
        }
        return path;
    }

    private CommandNotExecutableException notExecutable(Path path) {
        return new CommandNotExecutableException(shownProgram().equals(program()) ? path.toString() : NOT_SHOWN);
    }
}
