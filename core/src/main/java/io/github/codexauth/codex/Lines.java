package io.github.codexauth.codex;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** The lines that a process writes, of which a program that has gone wrong may write any length and number. */
final class Lines {
    private Lines() {}

    /**
     * Reads to the end of the stream.
     *
     * @param longest in characters; what a line has beyond that is dropped
     */
    static void read(InputStream stream, int longest, Consumer<String> each) {
        try (Reader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            for (int c = reader.read(); c >= 0; c = reader.read()) {
                if (c != '\n') {
                    if (line.length() < longest) {
                        line.append((char) c);
                    }
                    continue;
                }
                each.accept(line.toString());
                line.setLength(0);
            }
        } catch (IOException closed) {
            // As at the end of the stream.
        }
    }
}
