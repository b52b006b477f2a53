package io.github.codexauth.files;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.TreeFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A small file of ours with one JSON object, private and replaced whole.
 *
 * @param longest in bytes: a larger one is not ours, and is not read
 */
public record JsonFile(Path path, int longest) {
    private static final TreeFormat JSON = TreeFormat.json();

    /** An object to be written. */
    public static ObjectNode object() {
        return TreeFormat.object();
    }

    /**
     * Reads the file, as {@link PrivateFiles#read} does.
     *
     * @return empty if there is no such file; a missing node if there is nothing in it
     * @throws DamagedFileException if it is not JSON
     * @throws IOException if it is larger, no regular file, or cannot be read
     */
    public Optional<JsonNode> read() throws IOException {
        return parse(PrivateFiles.read(path, longest));
    }

    /**
     * Reads the file if only we, or root, can have written it, as {@link PrivateFiles#readOwn} does.
     *
     * @return empty if there is no such file; a missing node if there is nothing in it
     * @throws DamagedFileException if it is not JSON
     * @throws ForeignFileException if others can have written it
     * @throws IOException if it is larger, or cannot be read
     */
    public Optional<JsonNode> readOwn() throws IOException {
        return parse(PrivateFiles.readOwn(path, longest));
    }

    /** Replaces the file, as {@link PrivateFiles#replace} does. Its folder has to exist. */
    public void write(ObjectNode json) throws IOException {
        PrivateFiles.replace(path, (JSON.write(json) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private Optional<JsonNode> parse(Optional<byte[]> bytes) throws IOException {
        try {
            return bytes.isEmpty() ? Optional.empty() : Optional.of(JSON.read(bytes.get()));
        } catch (JacksonException quoting) {
            throw new DamagedFileException(path);
        }
    }
}
