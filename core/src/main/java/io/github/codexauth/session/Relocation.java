package io.github.codexauth.session;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.login.LoginMove;
import io.github.codexauth.login.LoginRecords;
import io.github.codexauth.login.RescueArea;
import io.github.codexauth.login.SessionId;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;

/** Moves logins to another store, with what killed jobs left of them on this machine. */
public final class Relocation {
    private final CredentialStore source;
    private final SessionSettings settings;

    /** @param settings those of sessions with the store that the logins leave */
    public Relocation(CredentialStore source, SessionSettings settings) {
        this.source = source;
        this.settings = settings;
    }

    /**
     * Moves one login, with what lies beside it. The leases stay the caller's.
     *
     * @param rescue of the other store
     * @return what the other store has now
     * @throws CodexAuthException as {@link LoginMove#move}; and if a killed job's home has what may be the only valid
     *     login, and it can neither be stored nor copied
     */
    public Envelope move(Lease from, Lease to, RescueArea rescue) throws CodexAuthException, InterruptedException {
        SessionId session = SessionId.random();
        new Recovery(from, new LoginRecords(from, session, settings.login()), settings).recover();
        Envelope moved = new LoginMove(from, to, session, settings.login()).move(source);
        settings.login().rescue().moveAside(from.id(), rescue, settings.login().events());
        return moved;
    }
}
