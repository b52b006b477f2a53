package io.github.codexauth.login;

import io.github.codexauth.CredentialId;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.CredentialRecord;
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
import java.util.function.Supplier;

/**
 * Refreshed logins that their store did not take, kept on this machine as the records they would have become.
 *
 * <p>A copy is protected as the store is: encrypted to the age recipient if one is set, else by its permissions alone.
 *
 * <pre>
 * FOLDER/ID/SESSION.json      the next state of the login, which the next session here takes up by itself
 * FOLDER/ID/aside-TOKEN.json  another login, or one of which that is not sure: for a person to decide
 * </pre>
 */
public final class RescueArea {
    private static final String ASIDE = "aside-";

    private final Supplier<Path> place;

    /** @param folder made when the first copy is kept */
    public RescueArea(Path folder) {
        this(() -> folder);
    }

    /** @param place where the folder is now: one of a CI controller can move */
    public RescueArea(Supplier<Path> place) {
        this.place = place;
    }

    /** A copy that waits here. */
    public record Copy(Path file, CredentialRecord record) {
        /** Whether only a person may put it into the store. */
        public boolean isAside() {
            return String.valueOf(file.getFileName()).startsWith(ASIDE);
        }
    }

    /** Keeps the next state of a login durably. The newest copy of one session replaces its older one. */
    Path keep(CredentialRecord record) throws IOException {
        return write(record, record.envelope().session());
    }

    /**
     * Keeps a login durably that only a person may put into the store.
     *
     * @param refreshToken its fingerprint; a job that brings the same login every day leaves one copy
     */
    Path keepAside(CredentialRecord record, String refreshToken) throws IOException {
        return write(record, ASIDE + refreshToken);
    }

    private Path write(CredentialRecord record, String name) throws IOException {
        Path ofCredential = place.get().resolve(record.envelope().id().value());
        PrivateFiles.createFolder(ofCredential);
        Path file = ofCredential.resolve(name + ".json");
        PrivateFiles.replace(file, RecordFormat.write(record));
        return file;
    }

    /** The readable copies of a credential, oldest first. */
    public List<Copy> copies(CredentialId id) {
        List<Copy> copies = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(place.get().resolve(id.value()), "*.json")) {
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
    void discard(Copy copy) throws IOException {
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
