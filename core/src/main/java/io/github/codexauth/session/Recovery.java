package io.github.codexauth.session;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.SecretText;
import io.github.codexauth.home.CodexHome;
import io.github.codexauth.home.HomeException;
import io.github.codexauth.login.Candidate;
import io.github.codexauth.login.Findings;
import io.github.codexauth.login.KnownTokens;
import io.github.codexauth.login.Lineage;
import io.github.codexauth.login.RecordWriter;
import io.github.codexauth.login.RescueCopies;
import io.github.codexauth.login.StoredLogin;
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
 * somebody did, or if the store has lost its login, it goes to the rescue area. A home goes only when all in it is safe.
 */
final class Recovery {
    private final Lease lease;
    private final RecordWriter records;
    private final SessionSettings settings;
    private final RescueCopies rescueCopies;

    Recovery(Lease lease, RecordWriter records, SessionSettings settings) {
        this.lease = lease;
        this.records = records;
        this.settings = settings;
        this.rescueCopies = new RescueCopies(lease, records, settings.login());
    }

    /**
     * Recovers what there is, and answers what is stored then.
     *
     * @throws HomeException if a home has what may be the only valid login, and it can neither be stored nor copied
     */
    Optional<StoredLogin> recover() throws CodexAuthException, InterruptedException {
        Optional<CredentialRecord> record = lease.load();
        Optional<StoredLogin> stored = record.isPresent() ? Optional.of(records.open(record.get())) : Optional.empty();
        for (Workspace workspace : Workspace.abandoned(settings.homes(), lease.id())) {
            requireReadable(workspace.home());
            int strays = workspace.home().endProcesses(settings.patience(), settings.events()::awaitingRefresh);
            if (strays > 0) {
                settings.events().strayProcessesEnded(strays);
            }
            if (stored.isPresent()) {
                stored = Optional.of(recover(workspace, stored.get()));
            } else if (!salvage(workspace, "the store has no login any more", records, settings)) {
                throw new HomeException(
                        "an earlier job left a login in " + workspace.home().folder()
                                + ", the store has none any more, and no copy can be made",
                        "free some space, and start again: df -h " + settings.homes());
            }
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

    private StoredLogin recover(Workspace workspace, StoredLogin stored) throws CodexAuthException {
        KnownTokens known = new KnownTokens(lease, records, stored);
        known.add(workspace.start().refreshToken());
        Lineage lineage = new Lineage(
                stored.auth(),
                known,
                workspace.start().at(),
                Lineage.tomorrow(settings.login().clock()));
        Findings found = Findings.of(workspace.home().candidates(), lineage);
        settings.events().secrets(found.secrets());
        StoredLogin current = stored;
        List<Candidate.Stray> strays = new ArrayList<>(found.strays());
        if (found.next().isPresent()) {
            AuthJson next = found.next().get();
            if (workspace.continues(stored.revision())) {
                current = rescueCopies.store(stored, next);
            } else {
                strays.add(new Candidate.Stray(next, "somebody stored another login meanwhile"));
            }
        }
        if (rescueCopies.putAside(workspace.start().revision(), strays)) {
            workspace.wipe().ifPresent(settings.events()::notWiped);
        } else {
            settings.events()
                    .saveFailed("an earlier job's login stays in "
                            + workspace.home().folder() + " until a copy of it can be made");
        }
        return current;
    }

    /**
     * Moves the logins of a home that the store cannot take now to the rescue area, and wipes the home. The newest waits there to be taken
     * up, should it turn out to be the next state of what is stored.
     *
     * @return whether the home has gone; if not, something in it could not be copied
     */
    static boolean salvage(Workspace workspace, String reason, RecordWriter records, SessionSettings settings) {
        List<byte[]> files = workspace.home().candidates();
        Optional<AuthJson> newest = Findings.newest(files, Lineage.tomorrow(records.clock()));
        if (newest.isPresent()) {
            settings.events().secrets(newest.get().secrets());
            try {
                settings.events()
                        .rescued(
                                settings.rescue()
                                        .keep(records.stray(workspace.start().revision(), newest.get())),
                                reason);
            } catch (IOException e) {
                settings.events().saveFailed("no rescue copy: " + e);
                return false;
            }
        }
        List<Candidate.Stray> others = Findings.besides(newest, files, reason);
        if (!RescueCopies.putAside(workspace.start().revision(), others, records, settings.login())) {
            return false;
        }
        workspace.wipe().ifPresent(settings.events()::notWiped);
        return true;
    }

    /** The tokens in a home, for log masks. */
    static List<SecretText> secretsIn(CodexHome home) {
        List<SecretText> secrets = new ArrayList<>();
        for (byte[] file : home.candidates()) {
            try {
                secrets.addAll(AuthJson.parse(file, "auth.json").secrets());
            } catch (InvalidAuthJsonException torn) {
                AuthJson.refreshTokenIn(file).ifPresent(secrets::add);
            }
        }
        return secrets;
    }

    static LeaseGoneException noClaim(CredentialId id) {
        return new LeaseGoneException(
                "there is no lease of credential '" + id + "' to take up in this home",
                "run codex-auth restore before codex-auth persist, and persist only once");
    }
}
