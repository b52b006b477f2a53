package io.github.codexauth.login;

import io.github.codexauth.CredentialId;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.AsideStore;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.Descent;
import io.github.codexauth.store.RecordFormat;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.store.StrayRecord;
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
 * Refreshed logins that their store did not take, kept on this machine as the records they would have become. Those
 * that a person has to decide about are kept in the store, beside the stored login, where it can do that: this machine
 * may be gone by the time that the person looks.
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
    private final Optional<AsideStore> store;

    private RescueArea(Supplier<Path> place, Optional<AsideStore> store) {
        this.place = place;
        this.store = store;
    }

    /** @param folder made when the first copy is kept */
    public RescueArea(Path folder) {
        this(() -> folder);
    }

    /** @param place where the folder is now: one of a CI controller can move */
    public RescueArea(Supplier<Path> place) {
        this(place, Optional.empty());
    }

    /**
     * With what the store keeps beside its logins, if it keeps anything there.
     *
     * @param folder made when the first copy is kept
     */
    public static RescueArea of(Path folder, CredentialStore store) {
        return new RescueArea(() -> folder, store instanceof AsideStore keeps ? Optional.of(keeps) : Optional.empty());
    }

    /** A copy that waits here. */
    public record Copy(Path file, CredentialRecord record) implements RescueCopy {
        @Override
        public String name() {
            return file.toString();
        }

        @Override
        public boolean isAside() {
            return String.valueOf(file.getFileName()).startsWith(ASIDE);
        }

        @Override
        public Optional<String> reason() {
            return Optional.empty();
        }
    }

    /** One that lies in the store, beside the stored login. */
    public record InStore(StrayRecord stray) implements RescueCopy {
        @Override
        public CredentialRecord record() {
            return stray.record();
        }

        @Override
        public String name() {
            return ASIDE + stray.refreshToken();
        }

        @Override
        public boolean isAside() {
            return true;
        }

        @Override
        public Optional<String> reason() {
            return Optional.of(stray.reason());
        }
    }

    /** Keeps the next state of a login durably. The newest copy of one session replaces its older one. */
    Path keep(CredentialRecord record) throws IOException {
        return write(record, record.envelope().session());
    }

    /**
     * As {@link #keep}, and in the store as well: the next session on this machine may never come. A person may then
     * take it from there.
     *
     * @param events told where it is
     */
    void keepTwice(StrayRecord next, LoginEvents events) throws IOException {
        events.rescued(keep(next.record()), next.reason());
        if (store.isPresent()) {
            try {
                store.get().putAside(next);
            } catch (StoreException | RuntimeException notThere) {
                // It is here, as in every store that keeps none.
                return;
            }
            events.putAside(next.record().envelope(), next.reason());
        }
    }

    /**
     * Keeps a login durably that only a person may put into the store: there, or here until it is there. A job that
     * brings the same login every day leaves one copy.
     *
     * @param events told where it is
     * @throws IOException if it is kept nowhere
     */
    void keepAside(StrayRecord stray, LoginEvents events) throws IOException {
        if (store.isEmpty()) {
            events.rescued(keepAsideHere(stray), stray.reason());
            return;
        }
        // Here first: a job that is being killed has no time to wait for a server.
        Optional<Path> here = Optional.empty();
        Optional<IOException> full = Optional.empty();
        try {
            here = Optional.of(keepAsideHere(stray));
        } catch (IOException e) {
            full = Optional.of(e);
        }
        try {
            store.get().putAside(stray);
        } catch (StoreException | RuntimeException e) {
            // A fault of the store's, or of ours, is no reason to lose a login.
            String problem = e instanceof StoreException told
                    ? told.problem()
                    : "unexpected: " + e.getClass().getName();
            if (full.isPresent()) {
                throw new IOException(full.get() + "; nor in the store: " + problem, full.get());
            }
            events.rescued(here.orElseThrow(), stray.reason() + " (it cannot lie in the store: " + problem + ")");
            return;
        }
        if (here.isPresent()) {
            Files.deleteIfExists(here.get());
        }
        events.putAside(stray.record().envelope(), stray.reason());
    }

    private Path keepAsideHere(StrayRecord stray) throws IOException {
        return write(stray.record(), ASIDE + stray.refreshToken());
    }

    private Path write(CredentialRecord record, String name) throws IOException {
        Path ofCredential = place.get().resolve(record.envelope().id().value());
        PrivateFiles.createFolder(ofCredential);
        Path file = ofCredential.resolve(name + ".json");
        PrivateFiles.replace(file, RecordFormat.write(record));
        return file;
    }

    /**
     * What the store keeps beside a login, oldest first. Asks the store, so that it is nothing for every job.
     *
     * @throws StoreException if the store does not answer
     */
    public List<RescueCopy> inStore(CredentialId id) throws StoreException {
        return store.isEmpty()
                ? List.of()
                : store.get().aside(id).stream().<RescueCopy>map(InStore::new).toList();
    }

    /**
     * Moves what lies beside a login to where it goes with another store, each there before it is gone here.
     *
     * @param events told where each is then
     * @throws StoreUnavailableException if one could be kept nowhere there, or a store does not answer; what is here
     *     stays then
     */
    public void moveAside(CredentialId id, RescueArea to, LoginEvents events) throws StoreException {
        for (RescueCopy copy : inStore(id)) {
            if (copy instanceof InStore there) {
                try {
                    to.keepAside(there.stray(), events);
                    discard(there);
                } catch (IOException e) {
                    throw new StoreUnavailableException(
                            "what lies beside '" + id + "' could not be moved: " + e,
                            "start the move again: codex-auth store copy");
                }
            }
        }
    }

    /** The readable copies of a credential on this machine, oldest first. */
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

    /** Removes a copy that is in the store by now, or that nobody wants; both, if there are two of it. */
    void discard(RescueCopy copy) throws IOException, StoreException {
        if (copy instanceof Copy here) {
            Files.deleteIfExists(here.file());
            Optional<Descent> descent = here.record().envelope().descent();
            if (store.isPresent() && descent.isPresent()) {
                store.get().removeAside(new StrayRecord(descent.get().token(), "", here.record()));
            }
        } else if (copy instanceof InStore there && store.isPresent()) {
            store.get().removeAside(there.stray());
        }
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
