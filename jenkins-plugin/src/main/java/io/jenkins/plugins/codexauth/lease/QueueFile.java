package io.jenkins.plugins.codexauth.lease;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.LeaseClaim;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    private static final JsonMapper JSON = new JsonMapper();

    private QueueFile() {}

    /** Who has the login and who waits for it. */
    record Content(Optional<Grant> held, List<Turn> waiting) {
        static final Content NOBODY = new Content(Optional.empty(), List.of());
    }

    /** Nobody, if there is no such file, or a damaged one: builds in it queue anew when they are taken up. */
    static Content read(Path folder) {
        try {
            Optional<byte[]> bytes = PrivateFiles.read(folder.resolve(NAME), LONGEST);
            return bytes.isEmpty() ? Content.NOBODY : content(JSON.readTree(bytes.get()));
        } catch (IOException | IllegalArgumentException | DateTimeException damaged) {
            LOGGER.log(Level.WARNING, "the queue in {0} is damaged, and begins anew", folder);
            return Content.NOBODY;
        }
    }

    static void write(Path folder, Content content) throws IOException {
        Path file = folder.resolve(NAME);
        if (content.equals(Content.NOBODY)) {
            Files.deleteIfExists(file);
            return;
        }
        ObjectNode json = JSON.createObjectNode();
        content.held().ifPresent(held -> {
            ObjectNode node = json(held.turn());
            held.claim().ifPresent(claim -> node.put("claim", claim.value()));
            held.until().ifPresent(until -> node.put("until", until.toString()));
            json.set("held", node);
        });
        ArrayNode waiting = json.putArray("waiting");
        content.waiting().forEach(turn -> waiting.add(json(turn)));
        PrivateFiles.createFolder(folder);
        PrivateFiles.replace(file, (json + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode json(Turn turn) {
        return JSON.createObjectNode()
                .put("ticket", turn.ticket())
                .put("owner", turn.owner())
                .put("holder", turn.holder().description())
                .put("since", turn.holder().since().toString());
    }

    private static Content content(JsonNode json) {
        JsonNode held = json.path("held");
        List<Turn> waiting = new ArrayList<>();
        json.path("waiting").forEach(node -> waiting.add(turn(node)));
        return new Content(held.isObject() ? Optional.of(held(held)) : Optional.empty(), waiting);
    }

    private static Grant held(JsonNode node) {
        return new Grant(
                turn(node),
                Optional.ofNullable(node.path("claim").textValue()).map(LeaseClaim::new),
                Optional.ofNullable(node.path("until").textValue()).map(Instant::parse));
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
