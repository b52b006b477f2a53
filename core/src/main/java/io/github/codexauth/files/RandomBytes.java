package io.github.codexauth.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;

/**
 * Bytes that nobody can guess, from the kernel: random(4). Java's own {@link SecureRandom} has them from there, too,
 * but brings all of Java's security providers along, a twentieth of a run with a key.
 */
final class RandomBytes {
    private static final Path DEVICE = Path.of("/dev/urandom");

    private RandomBytes() {}

    static byte[] ofTheKernel(int count) {
        return of(DEVICE, count);
    }

    /** @param device where there is none, or only a file, which would give the same each time, Java is asked */
    static byte[] of(Path device, int count) {
        try {
            if (Files.readAttributes(device, BasicFileAttributes.class).isOther()) {
                try (InputStream in = Files.newInputStream(device)) {
                    byte[] bytes = in.readNBytes(count);
                    if (bytes.length == count) {
                        return bytes;
                    }
                }
            }
        } catch (IOException none) {
            return ofJava(count);
        }
        return ofJava(count);
    }

    private static byte[] ofJava(int count) {
        byte[] bytes = new byte[count];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
