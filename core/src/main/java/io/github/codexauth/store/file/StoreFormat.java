package io.github.codexauth.store.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.codexauth.files.DamagedFileException;
import io.github.codexauth.files.JsonFile;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.NewerFormatException;
import io.github.codexauth.store.StoreException;
import java.io.IOException;
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
            Optional<JsonNode> json = new JsonFile(file, LONGEST).readOwn();
            if (json.isPresent()) {
                JsonNode format = json.get().path("format");
                if (!format.canConvertToLong()) {
                    throw damaged(file);
                }
                if (format.longValue() > NEWEST) {
                    throw new NewerFormatException("the store in " + folder, format.longValue());
                }
            }
        } catch (DamagedFileException notJson) {
            throw damaged(file);
        } catch (IOException e) {
            throw FolderProblems.cannot("read", file, e);
        }
    }

    static void write(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            new JsonFile(file, LONGEST).write(JsonFile.object().put("format", NEWEST));
        }
    }

    private static CorruptRecordException damaged(Path file) {
        return new CorruptRecordException(
                file + " is damaged", "if the folder is a store of codex-auth, put {\"format\": 1} into that file");
    }
}
