package io.github.codexauth.store.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.NewerFormatException;
import io.github.codexauth.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The file {@code store.json}, by which an old version notices that a newer one has been here. */
final class StoreFormat {
    private static final long NEWEST = 1;
    private static final String NAME = "store.json";
    private static final int LONGEST = 4096;

    private StoreFormat() {}

    static void require(Path folder) throws StoreException {
        Path file = folder.resolve(NAME);
        try {
            Optional<byte[]> bytes = PrivateFiles.readOwn(file, LONGEST);
            if (bytes.isPresent()) {
                JsonNode format = new JsonMapper().readTree(bytes.get()).path("format");
                if (!format.canConvertToLong()) {
                    throw damaged(file);
                }
                if (format.longValue() > NEWEST) {
                    throw new NewerFormatException("the store in " + folder, format.longValue());
                }
            }
        } catch (com.fasterxml.jackson.core.JacksonException quoted) {
            throw damaged(file);
        } catch (IOException e) {
            throw FolderProblems.cannot("read", file, e);
        }
    }

    static void write(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            PrivateFiles.replace(file, ("{\"format\": " + NEWEST + "}\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static CorruptRecordException damaged(Path file) {
        return new CorruptRecordException(
                file + " is damaged", "if the folder is a store of codex-auth, put {\"format\": 1} into that file");
    }
}
