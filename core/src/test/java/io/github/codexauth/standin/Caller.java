package io.github.codexauth.standin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The process at the other end of a connection on this machine, as the kernel knows it.
 *
 * @param program what it runs
 * @param codexHome its {@code CODEX_HOME}; empty if it has none
 */
public record Caller(Path program, Optional<Path> codexHome) {
    private static final Path PROC = Path.of("/proc");
    private static final Pattern CODEX_HOME = Pattern.compile("(?:^|\0)CODEX_HOME=([^\0]+)");

    /** Empty if the process is not to be seen, as one in a container or of another user. */
    static Optional<Caller> of(InetSocketAddress client, InetSocketAddress server) {
        try {
            Optional<String> socket = socket(client.getPort(), server.getPort());
            return socket.isEmpty() ? Optional.empty() : owner(Path.of("socket:[" + socket.get() + "]"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The number of the client's socket. */
    private static Optional<String> socket(int from, int to) throws IOException {
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(PROC.resolve("net").resolve(table))) {
                String[] fields = line.strip().split("\\s+");
                if (fields[1].endsWith(":%04X".formatted(from)) && fields[2].endsWith(":%04X".formatted(to))) {
                    return Optional.of(fields[9]);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Caller> owner(Path socket) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (has(process, socket)) {
                    Matcher home = CODEX_HOME.matcher(
                            Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1));
                    return Optional.of(new Caller(
                            Files.readSymbolicLink(process.resolve("exe")),
                            home.find() ? Optional.of(Path.of(home.group(1))) : Optional.empty()));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean has(Path process, Path socket) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (Files.readSymbolicLink(file).equals(socket)) {
                    return true;
                }
            }
            return false;
        } catch (IOException endedOrNotOurs) {
            return false;
        }
    }
}
