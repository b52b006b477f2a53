package io.github.codexauth.runner.input;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads files that options name. Links are followed: Kubernetes hands out its secrets through them.
 *
 * <p>A named pipe or a device is refused, since to open one, or to read from it, could take for ever. A pipe that a
 * shell has made for us is read: {@code --api-key-file <(pass show openai)}.
 */
public final class InputFile {
    /** How the system calls what a descriptor of ours is: {@code pipe:[4711]}. */
    private static final String PIPE = "pipe:";

    private InputFile() {}

    /**
     * Reads a whole file.
     *
     * @param option who named it, for messages
     * @param longest in bytes
     */
    public static byte[] read(String option, Path file, int longest) throws UnreadableInputException {
        if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file) && !isOurPipe(file)) {
            throw new UnreadableInputException(option, file);
        }
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

    /** Whether it is a descriptor, below {@code /dev/fd} or {@code /proc}, of a pipe without a name. */
    private static boolean isOurPipe(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            return folder != null
                    && Files.readSymbolicLink(folder.toRealPath().resolve(file.getFileName()))
                            .toString()
                            .startsWith(PIPE);
        } catch (IOException | UnsupportedOperationException noLink) {
            return false;
        }
    }
}
