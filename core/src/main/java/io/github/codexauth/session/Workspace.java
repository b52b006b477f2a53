package io.github.codexauth.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.files.JsonFile;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.home.CodexHome;
import io.github.codexauth.home.HomeException;
import io.github.codexauth.login.LoanStart;
import io.github.codexauth.login.SessionId;
import io.github.codexauth.store.LeaseClaim;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One session's place on this machine: its home, and beside it what a later session has to know to make sense of that
 * home.
 *
 * <pre>
 * HOMES/ID/SESSION/             0700
 *   session.json                what the session started from and when, and the claim of a detached lease
 *   home/                       CODEX_HOME
 * </pre>
 */
final class Workspace {
    private static final int LONGEST = 64 * 1024;

    private final Path folder;
    private final SessionId session;
    private final LoanStart start;

    private Workspace(Path folder, SessionId session, LoanStart start) {
        this.folder = folder;
        this.session = session;
        this.start = start;
    }

    /** Makes the folders of a new session. */
    static Workspace create(Path homes, CredentialId id, SessionId session, LoanStart start) throws HomeException {
        Path folder = homes.resolve(id.value()).resolve(session.value());
        try {
            PrivateFiles.createFolder(folder);
        } catch (IOException e) {
            throw new HomeException(
                    "cannot make a private CODEX_HOME below " + homes + ": " + e,
                    "choose a writable place: set XDG_STATE_HOME, or --store file:/FOLDER on a local disk");
        }
        Workspace workspace = new Workspace(folder, session, start);
        workspace.write(Optional.empty());
        return workspace;
    }

    /** The workspaces that earlier sessions with this credential left here. */
    static List<Workspace> abandoned(Path homes, CredentialId id) {
        List<Workspace> found = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(homes.resolve(id.value()))) {
            for (Path folder : folders) {
                found.add(read(folder));
            }
        } catch (IOException none) {
            return List.of();
        }
        return found;
    }

    /** The workspace whose home is the given folder, if it is one of ours. */
    static Optional<Workspace> ofHome(Path homes, CredentialId id, Path home) {
        return abandoned(homes, id).stream()
                .filter(workspace -> workspace.homeFolder().equals(home))
                .findFirst();
    }

    private static Workspace read(Path folder) {
        JsonNode json = readJson(folder);
        return new Workspace(
                folder,
                new SessionId(String.valueOf(folder.getFileName())),
                LoanStart.parse(json.path("start").asText()));
    }

    private static JsonNode readJson(Path folder) {
        try {
            return file(folder).readOwn().orElseGet(JsonFile::object);
        } catch (IOException damaged) {
            return JsonFile.object();
        }
    }

    private static JsonFile file(Path folder) {
        return new JsonFile(folder.resolve("session.json"), LONGEST);
    }

    SessionId session() {
        return session;
    }

    /** What was restored into the home, and when. */
    LoanStart start() {
        return start;
    }

    CodexHome createHome() throws HomeException {
        return CodexHome.create(homeFolder());
    }

    CodexHome home() {
        return CodexHome.existing(homeFolder());
    }

    /** Leaves the claim of a detached lease for the process that will take it up. */
    void keep(LeaseClaim claim) throws HomeException {
        write(Optional.of(claim));
    }

    Optional<LeaseClaim> claim() {
        try {
            return Optional.ofNullable(readJson(folder).path("claim").textValue())
                    .map(LeaseClaim::new);
        } catch (IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }

    /** Removes all of it; see {@link CodexHome#wipe}. */
    Optional<Path> wipe() {
        Optional<Path> left = home().wipe();
        return left.isPresent() ? left : CodexHome.existing(folder).wipe();
    }

    private Path homeFolder() {
        return folder.resolve("home");
    }

    private void write(Optional<LeaseClaim> claim) throws HomeException {
        ObjectNode json = JsonFile.object().put("start", start.toString());
        claim.ifPresent(value -> json.put("claim", value.value()));
        try {
            file(folder).write(json);
        } catch (IOException e) {
            throw new HomeException("cannot write in " + folder + ": " + e, "free some space: df -h " + folder);
        }
    }
}
