package io.jenkins.plugins.codexauth.session;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.handover.LeaseSource;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.jenkins.plugins.codexauth.lease.BuildOwners;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import jenkins.model.Jenkins;
import org.jspecify.annotations.Nullable;

/** For a session that has no lease but for the moments in which it needs one. */
final class LeasesByTurn implements LeaseSource {
    /** A block's Codex waits longer for its answer. */
    private static final Duration WAIT = Duration.ofMinutes(2);

    private final AtomicReference<@Nullable Lease> first;
    private final LiveRecord session;

    /** @param first taken already, for the first turn; null after a restart */
    LeasesByTurn(@Nullable Lease first, LiveRecord session) {
        this.first = new AtomicReference<>(first);
        this.session = session;
    }

    @Override
    public Lease take() throws CodexAuthException, InterruptedException {
        Lease ready = first.getAndSet(null);
        if (ready != null) {
            return ready;
        }
        SessionRecord now = session.now();
        return take(LoginKeeping.place(now).store(), now);
    }

    /** Waits for the lease of a session's login, as long as a turn may wait. */
    static Lease take(CredentialStore store, SessionRecord record) throws CodexAuthException, InterruptedException {
        String controller = Jenkins.get().getRootUrl();
        String build = BuildOwners.describe(record.owner());
        Holder holder = new Holder(
                controller == null ? build : build + " of " + controller,
                Clock.systemUTC().instant());
        return store.acquire(new CredentialId(String.valueOf(record.credential())), holder, WAIT, busy -> {});
    }
}
