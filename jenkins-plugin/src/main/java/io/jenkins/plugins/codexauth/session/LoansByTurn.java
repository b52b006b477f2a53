package io.jenkins.plugins.codexauth.session;

import hudson.model.TaskListener;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.login.LoanedLogin;
import io.github.codexauth.login.SessionId;
import io.github.codexauth.store.Lease;
import io.jenkins.plugins.codexauth.account.LoginPlace;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** For a session that has the login for each turn anew: others may have refreshed it in between. */
final class LoansByTurn implements Loans {
    private final AtomicReference<@Nullable LoanedLogin> first;
    private final LiveRecord session;
    private final LoginKeeping keeping;
    private final TaskListener log;

    /** @param first taken out already, for the first turn; null after a restart */
    LoansByTurn(@Nullable LoanedLogin first, LiveRecord session, LoginKeeping keeping, TaskListener log) {
        this.first = new AtomicReference<>(first);
        this.session = session;
        this.keeping = keeping;
        this.log = log;
    }

    @Override
    public LoanedLogin take(Lease lease) throws CodexAuthException {
        LoanedLogin ready = first.getAndSet(null);
        if (ready != null) {
            return ready;
        }
        SessionRecord now = session.now();
        LoginPlace place = LoginKeeping.place(now);
        return LoanedLogin.reopen(
                place.store(), lease, new SessionId(now.session()), keeping.settings(now, place, log));
    }

    @Override
    public LoanedLogin resume(Lease lease, List<byte[]> files) throws CodexAuthException {
        SessionRecord now = session.now();
        return keeping.resume(now, LoginKeeping.place(now), lease, files, log);
    }
}
