package io.github.codexauth.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.testing.Requirement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The official {@code age} command, as an independent reader and writer of what we encrypt. */
final class AgeTool {
    private AgeTool() {}

    /** Skips the test where age is not installed, except in CI, which has to have it. */
    static void require() {
        try {
            run(new byte[0], "age", "--version");
        } catch (IOException missing) {
            throw Requirement.isMissing("age is not installed; apt-get install age");
        }
    }

    static byte[] encrypt(byte[] plain, String recipient) throws IOException {
        return run(plain, "age", "-r", recipient);
    }

    static byte[] decrypt(byte[] sealed, Path identityFile) throws IOException {
        return run(sealed, "age", "-d", "-i", identityFile.toString());
    }

    /** Makes an identity file as people do. */
    static String newIdentityFile(Path file) throws IOException {
        run(new byte[0], "age-keygen", "-o", file.toString());
        return Files.readString(file);
    }

    /** The recipient of an identity file, as the tool computes it. */
    static String recipientOf(Path identityFile) throws IOException {
        return new String(run(new byte[0], "age-keygen", "-y", identityFile.toString()), StandardCharsets.UTF_8)
                .strip();
    }

    private static byte[] run(byte[] input, String... command) throws IOException {
        // From a file, since both ends would wait for each other once the pipes are full.
        Path file = Files.write(Files.createTempFile("age", ".in"), input);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(file.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            byte[] output = process.getInputStream().readAllBytes();
            assertThat(process.onExit().join().exitValue())
                    .as(String.join(" ", command))
                    .isZero();
            return output;
        } finally {
            Files.delete(file);
        }
    }
}
