package io.github.codexauth.runner.input;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where a secret lies. Knowing the place is not reading it: that happens after the trust verdict. */
public sealed interface SecretSource {
    /** How the user named the place, such as {@code --seed-file} or {@code CODEX_AUTH_API_KEY}; for messages. */
    String option();

    /** What to call the secret's content in messages. */
    String name();

    /** The file, if it is one. */
    Optional<Path> file();

    /** The file of a secret that may have been given; none if it was not, or is no file. */
    static List<Path> files(Optional<SecretSource> given) {
        Optional<Path> file = given.isPresent() ? given.get().file() : Optional.empty();
        return file.isPresent() ? List.of(file.get()) : List.of();
    }

    /**
     * Reads the secret.
     *
     * @param longest in bytes
     * @throws UnreadableInputException if it cannot be read, or is longer
     */
    byte[] read(int longest) throws UnreadableInputException;

    /** Reads the secret as UTF-8 text. */
    default String readText(int longest) throws UnreadableInputException {
        return new String(read(longest), StandardCharsets.UTF_8);
    }

    /** A variable that holds the secret itself. */
    record InVariable(String variable, String value) implements SecretSource {
        @Override
        public String option() {
            return variable;
        }

        @Override
        public String name() {
            return variable;
        }

        @Override
        public Optional<Path> file() {
            return Optional.empty();
        }

        @Override
        public byte[] read(int longest) {
            return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return "InVariable[" + variable + "]";
        }
    }

    /** A file, as Docker, Kubernetes and systemd hand out secrets. */
    record InFile(String option, Path path) implements SecretSource {
        @Override
        public String name() {
            return path.toString();
        }

        @Override
        public Optional<Path> file() {
            return Optional.of(path);
        }

        @Override
        public byte[] read(int longest) throws UnreadableInputException {
            return InputFile.read(option, path, longest);
        }
    }
}
