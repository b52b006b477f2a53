package io.github.codexauth.session;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.SecretText;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseGoneException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds homes that killed jobs left on this machine.
 *
 * <p>A login found there goes into the store if it is the next state of the stored one, and nobody stored another in between. If
 * somebody did, it goes to the rescue area, where a person can decide.
 */
final class Recovery {
    private final Lease lease;
    private final RecordWriter records;
    private final SessionSettings settings;

    Recovery(Lease lease, RecordWriter records, SessionSettings settings) {
        this.lease = lease;
        this.records = records;
        this.settings = settings;
    }

    /** Recovers what there is, and answers what is stored then. */
    Optional<StoredLogin> recover() throws CodexAuthException, InterruptedException {
        Optional<CredentialRecord> record = lease.load();
        Optional<StoredLogin> stored = record.isPresent() ? Optional.of(records.open(record.get())) : Optional.empty();
        for (Workspace workspace : Workspace.abandoned(settings.homes(), lease.id())) {
            requireReadable(workspace.home());
            int strays = workspace.home().endProcesses(settings.patience(), settings.events()::awaitingRefresh);
            if (strays > 0) {
                settings.events().strayProcessesEnded(strays);
            }
            stored = recover(workspace, stored);
            workspace.wipe().ifPresent(settings.events()::notWiped);
        }
        return stored;
    }

    /** The stored login may be used up: to try it could end the newer one here, too. */
    private static void requireReadable(CodexHome home) throws HomeException {
        Optional<Path> unreadable = home.unreadableLogin();
        if (unreadable.isPresent()) {
            throw new HomeException(
                    "an earlier job left a login in " + unreadable.get() + " that this user cannot read",
                    "give it to the user that runs codex-auth: chown -R \"$(id -u)\" " + home.folder()
                            + "; or, if nobody wants it: rm -rf " + home.folder());
        }
    }

    private Optional<StoredLogin> recover(Workspace workspace, Optional<StoredLogin> stored) throws CodexAuthException {
        List<byte[]> files = workspace.home().candidates();
        if (stored.isEmpty()) {
            salvage(workspace, records, settings);
            return stored;
        }
        if (!(Candidate.best(files, stored.get().auth()) instanceof Candidate.Newer newer)) {
            return stored;
        }
        settings.events().secrets(newer.auth().secrets());
        if (!workspace.continues(stored.get().envelope())) {
            salvage(workspace, records, settings);
            return stored;
        }
        return Optional.of(new RescueCopies(lease, records, settings.login()).store(stored.get(), newer.auth()));
    }

    /** Moves the newest login of a home that the store must not take by itself to the rescue area, and wipes the home. */
    static void salvage(Workspace workspace, RecordWriter records, SessionSettings settings) {
        Optional<AuthJson> newest = newest(workspace.home());
        if (newest.isPresent()) {
            try {
                settings.events()
                        .rescued(
                                settings.rescue().keep(records.stray(workspace.startedFrom(), newest.get())),
                                "somebody stored another login meanwhile");
            } catch (IOException e) {
                settings.events().saveFailed("no rescue copy: " + e);
                return;
            }
        }
        workspace.wipe().ifPresent(settings.events()::notWiped);
    }

    /** The tokens in a home, for log masks. */
    static Optional<List<SecretText>> secretsIn(CodexHome home) {
        return newest(home).map(AuthJson::secrets);
    }

    static LeaseGoneException noClaim(CredentialId id) {
        return new LeaseGoneException(
                "there is no lease of credential '" + id + "' to take up in this home",
                "run codex-auth restore before codex-auth persist, and persist only once");
    }

    private static Optional<AuthJson> newest(CodexHome home) {
        List<AuthJson> complete = new ArrayList<>();
        for (byte[] file : home.candidates()) {
            try {
                complete.add(AuthJson.parse(file, "auth.json"));
            } catch (InvalidAuthJsonException torn) {
                continue;
            }
        }
        return complete.stream().reduce((a, b) -> a.isOlderThan(b) ? b : a);
    }
}
