package io.github.codexauth.session;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.SecretText;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseGoneException;
import io.github.codexauth.store.SaveResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds what earlier sessions on this machine could not put away: homes of killed jobs, and rescue copies.
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
            int strays = new CodexProcesses(workspace.home()).end(settings.patience());
            if (strays > 0) {
                settings.events().strayProcessesEnded(strays);
            }
            stored = recover(workspace, stored);
            workspace.wipe().ifPresent(settings.events()::notWiped);
        }
        for (RescueArea.Copy copy : settings.rescue().copies(lease.id())) {
            stored = recover(copy, stored);
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
        return Optional.of(save(stored.get(), newer.auth()));
    }

    private Optional<StoredLogin> recover(RescueArea.Copy copy, Optional<StoredLogin> stored)
            throws CodexAuthException {
        if (stored.isEmpty()
                || !continues(copy.record().envelope(), stored.get().envelope())) {
            return stored;
        }
        StoredLogin login = stored.get();
        AuthJson rescued = records.open(copy.record()).auth();
        Candidate candidate = Candidate.judge(Optional.of(rescued.bytes()), login.auth());
        if (candidate instanceof Candidate.Newer newer) {
            settings.events().secrets(newer.auth().secrets());
            login = save(login, newer.auth());
        }
        discard(copy);
        return Optional.of(login);
    }

    private StoredLogin save(StoredLogin current, AuthJson found) throws CodexAuthException {
        CredentialRecord record = records.refreshed(current.envelope(), found);
        if (lease.save(current.envelope().generation(), record) != SaveResult.SAVED) {
            throw new LeaseGoneException(
                    "credential '" + lease.id()
                            + "' was taken by somebody else while a killed job's login was recovered",
                    "start the job again");
        }
        settings.events().recovered(record.envelope());
        return new StoredLogin(record.envelope(), found);
    }

    private static boolean continues(Envelope copy, Envelope current) {
        return copy.generation() == current.generation() + 1 || copy.session().equals(current.session());
    }

    private void discard(RescueArea.Copy copy) {
        try {
            settings.rescue().discard(copy);
        } catch (IOException e) {
            settings.events().notWiped(copy.file());
        }
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
