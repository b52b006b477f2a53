package io.jenkins.plugins.codexauth.session;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.files.JsonFile;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.login.LoanStart;
import io.github.codexauth.store.InvalidEncryptionKeyException;
import io.github.codexauth.store.Sealer;
import io.jenkins.plugins.codexauth.account.JenkinsSealer;
import io.jenkins.plugins.codexauth.lease.ControllerStores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One file for each session that is open, or whose home has not been collected yet. */
final class SessionFiles {
    private static final Logger LOGGER = Logger.getLogger(SessionFiles.class.getName());
    private static final int LONGEST = 16 * 1024 * 1024;
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ENDING = ".json";

    private final Path folder;
    private final Sealer sealer;

    SessionFiles(Path folder, Sealer sealer) {
        this.folder = folder;
        this.sealer = sealer;
    }

    /** This controller's. */
    static SessionFiles ofController() {
        return new SessionFiles(ControllerStores.root().resolve("sessions"), new JenkinsSealer());
    }

    void write(SessionRecord record) throws IOException {
        ObjectNode json = JsonFile.object()
                .put("owner", record.owner())
                .put("mode", record.mode())
                .put("place", record.place())
                .put("credential", record.credential())
                .put("node", record.node())
                .put("home", record.home())
                .put("path", record.path())
                .put("start", record.start().toString())
                .put("left", record.left())
                .put("secrets", sealed(record.secrets()))
                .put("variables", sealed(record.variables()));
        Access access = record.access();
        if (access != null) {
            json.put("placeholder", sealed(access.placeholder()))
                    .put("shared", access.shared())
                    .put("refreshing", access.refreshing());
        }
        PrivateFiles.createFolder(folder);
        file(record.session()).write(json);
    }

    void delete(String session) {
        try {
            Files.deleteIfExists(file(session).path());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "cannot remove " + file(session).path());
        }
    }

    Optional<SessionRecord> read(String session) {
        try {
            Optional<JsonNode> json = file(session).read();
            return json.isEmpty() ? Optional.empty() : Optional.of(parse(session, json.get()));
        } catch (IOException | InvalidEncryptionKeyException damaged) {
            LOGGER.log(
                    Level.WARNING,
                    "the session file {0} is damaged",
                    file(session).path());
            return Optional.empty();
        }
    }

    List<SessionRecord> all() {
        List<SessionRecord> all = new ArrayList<>();
        for (String session : names()) {
            read(session).ifPresent(all::add);
        }
        return all;
    }

    /** The names of all sessions, without opening their files. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[0-9a-f]*" + ENDING)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                names.add(name.substring(0, name.length() - ENDING.length()));
            }
        } catch (IOException none) {
            return List.of();
        }
        return names;
    }

    private SessionRecord parse(String session, JsonNode json) throws IOException, InvalidEncryptionKeyException {
        return new SessionRecord(
                session,
                json.path("owner").asText(),
                json.path("mode").asText(),
                json.path("place").textValue(),
                json.path("credential").textValue(),
                json.path("node").asText(),
                json.path("home").asText(),
                json.path("path").asText(),
                LoanStart.parse(json.path("start").asText()),
                json.path("left").asBoolean(),
                json.path("placeholder").isTextual() ? access(json) : null,
                JSON.readValue(opened(json, "secrets"), new TypeReference<List<String>>() {}),
                JSON.readValue(opened(json, "variables"), new TypeReference<Map<String, String>>() {}));
    }

    private Access access(JsonNode json) throws IOException, InvalidEncryptionKeyException {
        return new Access(
                JSON.readValue(opened(json, "placeholder"), String.class),
                json.path("shared").asBoolean(),
                json.path("refreshing").asBoolean());
    }

    private String sealed(Object value) throws IOException {
        return new String(sealer.seal(JSON.writeValueAsBytes(value)), StandardCharsets.US_ASCII);
    }

    private byte[] opened(JsonNode json, String field) throws InvalidEncryptionKeyException {
        return sealer.open(json.path(field).asText().getBytes(StandardCharsets.US_ASCII));
    }

    private JsonFile file(String session) {
        return new JsonFile(folder.resolve(session + ENDING), LONGEST);
    }
}
