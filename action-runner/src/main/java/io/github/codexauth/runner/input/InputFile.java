package io.github.codexauth.runner.input;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads files that options name. Links are followed: Kubernetes hands out its secrets through them. */
public final class InputFile {
    private InputFile() {}

    /**
     * Reads a whole file.
     *
     * @param option who named it, for messages
     * @param longest in bytes
     */
    public static byte[] read(String option, Path file, int longest) throws UnreadableInputException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(longest + 1);
            if (bytes.length > longest) {
                throw new UnreadableInputException(option, file, longest);
            }
            return bytes;
        } catch (IOException e) {
            throw new UnreadableInputException(option, file, e);
        }
    }
}
