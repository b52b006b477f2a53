package io.jenkins.plugins.codexauth.step;

import hudson.AbortException;
import hudson.model.Computer;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.trust.TrustDecision;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.session.BuildOnAgent;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import io.jenkins.plugins.codexauth.session.FleetWait;
import io.jenkins.plugins.codexauth.session.SignedIn;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import jenkins.util.Timer;
import org.jspecify.annotations.Nullable;

/**
 * One build's way in, the same for Pipelines and Freestyle jobs.
 *
 * <ol>
 *   <li>The build is judged. A key is given at once; for a login the build queues.
 *   <li>When its turn comes after a wait, perhaps of hours, it is judged once more.
 *   <li>The agent gets the home. What fails from here on ends the session before anybody is told.
 * </ol>
 *
 * <p>All of it happens in threads of Jenkins' pool. The listener is told once how it ended. Safe for use by several
 * threads.
 */
final class SignInAttempt {
    private final String session;
    private final Request request;
    private final Terms terms;
    private final Instant asked;
    private final Whereabouts whereabouts;
    private final Listener listener;
    private final AtomicBoolean told = new AtomicBoolean();

    private @Nullable LoginQueue queue;
    private @Nullable FleetWait elsewhere;
    private @Nullable Throwable givenUp;
    private @Nullable Future<?> patience;

    /**
     * @param session a name for the session, which is also that of its turn; a sign-in that is begun again with it,
     *     after a restart of the controller, keeps its place
     * @param asked since when the build has waited
     */
    SignInAttempt(
            String session, Request request, Terms terms, Instant asked, Whereabouts whereabouts, Listener listener) {
        this.session = session;
        this.request = request;
        this.terms = terms;
        this.asked = asked;
        this.whereabouts = whereabouts;
        this.listener = listener;
    }

    /** Where the build is. Asked again after a wait, since agents are configured anew meanwhile. */
    @FunctionalInterface
    interface Whereabouts {
        BuildOnAgent now() throws IOException, InterruptedException;
    }

    /** Told how it ended, in another thread. */
    interface Listener {
        /**
         * Whether the build has one of these logins already, so that it needs no other; nothing more is told then.
         *
         * @throws CodexAuthException if it has, where it cannot be shared
         */
        default boolean isSignedInAlready(List<CodexAccount> accounts, BuildOnAgent site) throws Exception {
            return false;
        }

        /**
         * The build is signed in. If this fails, the session is ended, and {@link #failed} follows.
         *
         * @param account whose login it has; null for a key
         */
        void signedIn(BuildOnAgent site, SignedIn signedIn, @Nullable CodexAccount account) throws Exception;

        /** The build is not signed in, and has nothing. */
        void failed(Throwable problem);
    }

    void begin() {
        inBackground(() -> {
            BuildOnAgent site = whereabouts.now();
            Admission admission = new Admission(request, site.build());
            Admission.Admitted admitted = admission.admit(site.node());
            if (admitted instanceof Admission.Key key) {
                deliver(site, BuildSessions.get().open(session, site, key.auth(), terms.config()), null);
                return;
            }
            Admission.Logins logins = (Admission.Logins) admitted;
            if (!listener.isSignedInAlready(logins.accounts(), site)) {
                join(site, new Admission.Logins(admission.usable(logins.accounts(), site.log()), logins.proof()));
            }
        });
    }

    /**
     * Somebody stopped the build. The listener is told of this cause: at once while it queues, else when what is under
     * way has ended.
     */
    void giveUp(Throwable cause) {
        LoginQueue waiting;
        FleetWait waitingElsewhere;
        synchronized (this) {
            givenUp = givenUp == null ? cause : givenUp;
            waiting = queue;
            waitingElsewhere = elsewhere;
        }
        if (waitingElsewhere != null) {
            waitingElsewhere.stop();
        }
        if (waiting != null && waiting.leave()) {
            fail(cause);
        }
    }

    /** What it waits for, for people; null if it does not wait. */
    synchronized @Nullable String status() {
        if (queue != null) {
            return queue.status();
        }
        return elsewhere == null ? null : elsewhere.status().orElse(null);
    }

    private void join(BuildOnAgent site, Admission.Logins logins) throws StoreException {
        Holder holder = new Holder(BuildOnAgent.describe(site.build()), asked);
        LoginQueue line = new LoginQueue(session, site.build(), site.log(), holder, logins.accounts(), this::fail);
        Throwable stop;
        synchronized (this) {
            queue = line;
            stop = givenUp;
        }
        if (stop != null) {
            fail(stop);
            return;
        }
        boolean joined = false;
        try {
            line.join(granted -> inBackground(() -> open(granted, line.hadToWait() ? null : logins.proof())));
            joined = true;
        } finally {
            if (!joined) {
                line.leave();
            }
        }
        terms.waitAtMost().ifPresent(limit -> waitAtMost(limit, line));
    }

    private synchronized void waitAtMost(Duration limit, LoginQueue line) {
        long left = Duration.between(Instant.now(), asked.plus(limit)).toMillis();
        patience = Timer.get()
                .schedule(
                        () -> {
                            if (line.leave()) {
                                fail(line.busy(limit));
                            }
                        },
                        Math.max(0, left),
                        TimeUnit.MILLISECONDS);
    }

    /** @param known the verdict on the build; null if it has waited */
    private void open(CodexAccount account, TrustDecision.@Nullable Trusted known) throws Exception {
        waitNoLonger();
        boolean opened = false;
        try {
            BuildOnAgent site = whereabouts.now();
            Admission admission = new Admission(request, site.build());
            TrustDecision.Trusted proof =
                    known == null ? admission.admitLogins(site.node()).proof() : known;
            FleetWait wait = new FleetWait(
                    asked,
                    terms.waitAtMost(),
                    () -> admission.admitLogins(site.node()).proof());
            waitElsewhere(wait);
            SignedIn signedIn = BuildSessions.get().open(session, site, account, proof, terms.loan(), wait);
            opened = true;
            admission.track(account);
            deliver(site, signedIn, account);
        } finally {
            if (!opened) {
                account.store().leave(account.id(), session);
            }
        }
    }

    private synchronized void waitElsewhere(FleetWait wait) {
        elsewhere = wait;
        if (givenUp != null) {
            wait.stop();
        }
    }

    private void deliver(BuildOnAgent site, SignedIn signedIn, @Nullable CodexAccount account) throws Exception {
        boolean delivered = false;
        try {
            Throwable stop = givenUp();
            if (stop != null) {
                BuildSessions.get().end(session, site.log());
                fail(stop);
            } else if (!site.build().isBuilding()) {
                throw new AbortException("the build is over");
            } else {
                listener.signedIn(site, signedIn, account);
            }
            delivered = true;
        } finally {
            if (!delivered) {
                BuildSessions.get().end(session, site.log());
            }
        }
    }

    private synchronized @Nullable Throwable givenUp() {
        return givenUp;
    }

    private synchronized void waitNoLonger() {
        queue = null;
        if (patience != null) {
            patience.cancel(false);
        }
    }

    private void fail(Throwable problem) {
        waitNoLonger();
        if (told.compareAndSet(false, true)) {
            listener.failed(problem);
        }
    }

    /** Work that may take longer than the caller's thread has time. */
    private interface Work {
        void run() throws Exception;
    }

    private void inBackground(Work work) {
        Computer.threadPoolForRemoting.execute(() -> {
            try {
                work.run();
            } catch (Exception e) {
                Throwable stop = givenUp();
                fail(stop == null ? e : stop);
            }
        });
    }
}
