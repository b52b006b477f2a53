package io.github.codexauth.runner.input;

import io.github.codexauth.CodexAuthException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that an option names, and that cannot be read. Exit code 78. */
public final class UnreadableInputException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    UnreadableInputException(String option, Path file, IOException e) {
        super("cannot read " + file + " (" + option + "): " + reason(e), "look at it with: ls -l " + file);
    }

    UnreadableInputException(String option, Path file) {
        super("cannot read " + file + " (" + option + "): it is a named pipe or a device", "name a file: " + option);
    }

    /** A file that whoever it is read for could not read. */
    public static UnreadableInputException by(int user, String option, Path file) {
        return new UnreadableInputException(
                "the job's user (uid " + user + ") cannot read " + file + " (" + option
                        + "), so it is not read for the job",
                "give it to that user, or let everybody read it: chmod a+r " + file);
    }

    private UnreadableInputException(String problem, String hint) {
        super(problem, hint);
    }

    UnreadableInputException(String option, Path file, int longest) {
        super(
                file + " (" + option + ") has more than " + longest + " bytes",
                "check that it is the right file: ls -l " + file);
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }
}
