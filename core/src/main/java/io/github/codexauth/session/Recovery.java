package io.github.codexauth.session;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.SecretText;
import io.github.codexauth.home.CodexHome;
import io.github.codexauth.home.HomeException;
import io.github.codexauth.login.LoginRecords;
import io.github.codexauth.login.Salvage;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseGoneException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds homes that killed jobs left on this machine.
 *
 * <p>A login found there goes into the store if it is the next state of the stored one, and nobody stored another in
 * between. If somebody did, or if the store has lost its login, it goes to the rescue area. A home goes only when all
 * in it is safe.
 */
final class Recovery {
    private static final String NO_LOGIN_ANY_MORE = "the store has no login any more";

    private final Lease lease;
    private final LoginRecords records;
    private final SessionSettings settings;

    Recovery(Lease lease, LoginRecords records, SessionSettings settings) {
        this.lease = lease;
        this.records = records;
        this.settings = settings;
    }

    /**
     * Recovers what there is.
     *
     * @throws HomeException if a home has what may be the only valid login, and it can neither be stored nor copied
     */
    void recover() throws CodexAuthException, InterruptedException {
        List<Workspace> workspaces = Workspace.abandoned(settings.homes(), lease.id());
        if (workspaces.isEmpty()) {
            return;
        }
        boolean emptied = records.isEmpty();
        for (Workspace workspace : workspaces) {
            int strays = workspace.home().endProcesses(settings.patience(), settings.events()::awaitingRefresh);
            if (strays > 0) {
                settings.events().strayProcessesEnded(strays);
            }
            workspace.home().moveOut();
            requireReadable(workspace.home());
            if (!emptied) {
                recover(workspace);
            } else if (!salvage(workspace, lease.id(), NO_LOGIN_ANY_MORE, settings)) {
                throw new HomeException(
                        "an earlier job left a login in " + workspace.home().folder()
                                + ", the store has none any more, and no copy can be made",
                        "free some space, and start again: df -h " + settings.homes());
            }
        }
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

    private void recover(Workspace workspace) throws CodexAuthException {
        if (records.recover(
                workspace.session(), workspace.start(), workspace.home().candidates())) {
            workspace.wipe().ifPresent(settings.events()::notWiped);
        } else {
            settings.events()
                    .saveFailed("an earlier job's login stays in "
                            + workspace.home().folder() + " until a copy of it can be made");
        }
    }

    /**
     * Moves the logins of a home that the store cannot take now to the rescue area, and wipes the home.
     *
     * @return whether the home has gone; if not, something in it could not be copied
     */
    static boolean salvage(Workspace workspace, CredentialId id, String reason, SessionSettings settings) {
        Salvage salvage = new Salvage(id, workspace.session(), settings.login());
        if (!salvage.everything(workspace.start(), workspace.home().candidates(), reason)) {
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
