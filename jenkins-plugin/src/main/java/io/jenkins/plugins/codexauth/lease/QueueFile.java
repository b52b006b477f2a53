package io.jenkins.plugins.codexauth.lease;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.files.JsonFile;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.Holder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A {@link TurnQueue} on the disk, so that it outlives the controller's process: {@code lease.json} in the credential's
 * folder.
 */
final class QueueFile {
    private static final Logger LOGGER = Logger.getLogger(QueueFile.class.getName());
    private static final String NAME = "lease.json";
    private static final int LONGEST = 4 * 1024 * 1024;

    private QueueFile() {}

    /** Who has the login and who waits for it. */
    record Content(Optional<Turn> held, List<Turn> waiting) {
        static final Content NOBODY = new Content(Optional.empty(), List.of());
    }

    /** Nobody, if there is no such file, or a damaged one: builds in it queue anew when they are taken up. */
    static Content read(Path folder) {
        try {
            return file(folder).read().map(QueueFile::content).orElse(Content.NOBODY);
        } catch (IOException | IllegalArgumentException | DateTimeException damaged) {
            LOGGER.log(Level.WARNING, "the queue in {0} is damaged, and begins anew", folder);
            return Content.NOBODY;
        }
    }

    static void write(Path folder, Content content) throws IOException {
        JsonFile file = file(folder);
        if (content.equals(Content.NOBODY)) {
            Files.deleteIfExists(file.path());
            return;
        }
        ObjectNode json = JsonFile.object();
        content.held().ifPresent(turn -> json.set("held", json(turn)));
        ArrayNode waiting = json.putArray("waiting");
        content.waiting().forEach(turn -> waiting.add(json(turn)));
        PrivateFiles.createFolder(folder);
        file.write(json);
    }

    private static JsonFile file(Path folder) {
        return new JsonFile(folder.resolve(NAME), LONGEST);
    }

    private static ObjectNode json(Turn turn) {
        return JsonFile.object()
                .put("ticket", turn.ticket())
                .put("owner", turn.owner())
                .put("holder", turn.holder().description())
                .put("since", turn.holder().since().toString());
    }

    private static Content content(JsonNode json) {
        JsonNode held = json.path("held");
        List<Turn> waiting = new ArrayList<>();
        json.path("waiting").forEach(node -> waiting.add(turn(node)));
        return new Content(held.isObject() ? Optional.of(turn(held)) : Optional.empty(), waiting);
    }

    private static Turn turn(JsonNode node) {
        return new Turn(
                node.path("ticket").asText(),
                node.path("owner").asText(),
                new Holder(
                        node.path("holder").asText(),
                        Instant.parse(node.path("since").asText())));
    }
}
