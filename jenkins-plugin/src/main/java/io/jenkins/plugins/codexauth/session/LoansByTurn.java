package io.jenkins.plugins.codexauth.session;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.login.LoanedLogin;
import io.github.codexauth.login.LoginSettings;
import io.github.codexauth.login.SessionId;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.Lease;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** For a session that has the login for each turn anew: others may have refreshed it in between. */
final class LoansByTurn implements Loans {
    private final AtomicReference<@Nullable LoanedLogin> first;
    private final LiveRecord session;
    private final CredentialStore store;
    private final LoginSettings settings;

    /** @param first taken out already, for the first turn; null after a restart */
    LoansByTurn(@Nullable LoanedLogin first, LiveRecord session, CredentialStore store, LoginSettings settings) {
        this.first = new AtomicReference<>(first);
        this.session = session;
        this.store = store;
        this.settings = settings;
    }

    @Override
    public LoanedLogin take(Lease lease) throws CodexAuthException {
        LoanedLogin ready = first.getAndSet(null);
        return ready != null ? ready : LoanedLogin.reopen(store, lease, id(), settings);
    }

    @Override
    public LoanedLogin resume(Lease lease, List<byte[]> files) throws CodexAuthException {
        return LoanedLogin.resume(store, lease, id(), session.now().start(), files, settings);
    }

    private SessionId id() {
        return new SessionId(session.now().session());
    }
}
