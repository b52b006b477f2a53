package io.github.codexauth.session;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.PrivateFiles;
import io.github.codexauth.store.RecordFormat;
import io.github.codexauth.store.StoreException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Refreshed logins that their store did not take, kept on this machine as the records they would have become.
 *
 * <p>A copy is protected as the store is: encrypted to the age recipient if one is set, else by its permissions alone.
 */
public final class RescueArea {
    private final Path folder;

    /** @param folder made when the first copy is kept */
    public RescueArea(Path folder) {
        this.folder = folder;
    }

    /** A copy that waits here. */
    public record Copy(Path file, CredentialRecord record) {}

    /** Keeps a record durably. The newest copy of one session replaces its older one. */
    Path keep(CredentialRecord record) throws IOException {
        Path ofCredential = folder.resolve(record.envelope().id().value());
        PrivateFiles.createFolder(ofCredential);
        Path file = ofCredential.resolve(record.envelope().session() + ".json");
        PrivateFiles.replace(file, RecordFormat.write(record));
        return file;
    }

    /** The readable copies of a credential, oldest first. */
    public List<Copy> copies(CredentialId id) {
        List<Copy> copies = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.resolve(id.value()), "*.json")) {
            for (Path file : files) {
                read(file).ifPresent(record -> copies.add(new Copy(file, record)));
            }
        } catch (IOException none) {
            return List.of();
        }
        copies.sort(Comparator.comparing(copy -> copy.record().envelope().savedAt()));
        return copies;
    }

    /** Removes a copy that is in the store by now, or that nobody wants. */
    public void discard(Copy copy) throws IOException {
        Files.deleteIfExists(copy.file());
    }

    private static Optional<CredentialRecord> read(Path file) {
        try {
            Optional<byte[]> bytes = PrivateFiles.readOwn(file, RecordFormat.LONGEST);
            return bytes.isEmpty()
                    ? Optional.empty()
                    : Optional.of(RecordFormat.read(bytes.get(), file.toString(), "remove it"));
        } catch (IOException | StoreException unreadable) {
            return Optional.empty();
        }
    }
}
