package io.github.codexauth.runner.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.codexauth.TreeFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** The file in which a workflow's runner leaves the event that started it. */
final class EventPayload {
    /** GitHub caps payloads at 25 MB. */
    private static final int LONGEST = 25 * 1024 * 1024;

    private static final TreeFormat JSON = TreeFormat.json(100, LONGEST);

    private EventPayload() {}

    /** The payload; empty if it cannot be read whole, since half of one could hide what speaks against the job. */
    static Optional<JsonNode> read(String file) {
        try {
            Path path = Path.of(file);
            // To open a pipe or a device could take for ever.
            if (!Files.isRegularFile(path)) {
                return Optional.empty();
            }
            byte[] bytes = first(path);
            if (bytes.length > LONGEST) {
                return Optional.empty();
            }
            JsonNode payload = JSON.read(bytes);
            return payload.isObject() ? Optional.of(payload) : Optional.empty();
        } catch (IOException | InvalidPathException unreadable) {
            return Optional.empty();
        }
    }

    private static byte[] first(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(LONGEST + 1);
        }
    }

    static JsonNode none() {
        return MissingNode.getInstance();
    }
}
