package io.github.codexauth;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A path that somebody typed, or set a variable to: the one way from a text to a path that messages may quote. */
public final class PathText {
    /** What Java writes in the place of bytes that are no text: another path than the one that was meant. */
    private static final String UNREADABLE = "\uFFFD";

    private PathText() {}

    /**
     * Reads a path.
     *
     * @param by the option or variable, for messages
     * @throws UsageException if it cannot be one, or looks like the secret itself; the message does not quote it
     */
    public static Path parse(String text, String by) throws UsageException {
        try {
            Path path = Path.of(text);
            if (PastedSecret.looksLike(text) && !Files.exists(path)) {
                throw secretInItsPlace(by);
            }
            if (!text.contains(UNREADABLE)) {
                return path;
            }
        } catch (InvalidPathException notInTheEncoding) {
            if (PastedSecret.looksLike(text)) {
                throw secretInItsPlace(by);
            }
        }
        throw new UsageException(
                by + " has a path that is not text in the encoding that Java uses here",
                "write it in UTF-8, and start codex-auth by its launcher or with LC_ALL=C.UTF-8");
    }

    private static UsageException secretInItsPlace(String by) {
        return new UsageException(
                by + " takes a path, and was given what looks like the content of a file",
                by.startsWith("-")
                        ? "put the content into a file that only you can read (umask 077), then: " + by
                                + " FILE; replace a key that was typed, since arguments can be read by everybody on the machine"
                        : "set " + by + " to the path of a file"
                                + (by.endsWith("_FILE")
                                        ? "; the content itself goes into "
                                                + by.substring(0, by.length() - "_FILE".length())
                                        : ""));
    }
}
