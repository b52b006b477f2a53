package io.jenkins.plugins.codexauth.session;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.handover.LeaseSource;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.Occupancy;
import io.jenkins.plugins.codexauth.account.LoginPlace;
import io.jenkins.plugins.codexauth.lease.BuildOwners;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import jenkins.model.Jenkins;

/** For a session that has no lease but for the moments in which it needs one. */
final class LeasesByTurn implements LeaseSource {
    /** A block's Codex waits longer for its answer. */
    private static final Duration WAIT = Duration.ofMinutes(2);

    private final LiveRecord session;

    LeasesByTurn(LiveRecord session) {
        this.session = session;
    }

    @Override
    public Lease take() throws CodexAuthException, InterruptedException {
        SessionRecord now = session.now();
        return take(LoginKeeping.place(now), now, WAIT, busy -> {});
    }

    /**
     * Waits for the lease of a session's login.
     *
     * @param onBusy told who has it
     */
    static Lease take(LoginPlace place, SessionRecord record, Duration wait, Consumer<Occupancy> onBusy)
            throws CodexAuthException, InterruptedException {
        String build = BuildOwners.describe(record.owner());
        String controller = Jenkins.get().getRootUrl();
        Holder holder = new Holder(
                place.isElsewhere() && controller != null ? build + " of " + controller : build,
                Clock.systemUTC().instant());
        CredentialId id = new CredentialId(String.valueOf(record.credential()));
        return place.store().acquire(id, holder, wait, onBusy);
    }
}
