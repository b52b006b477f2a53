package io.jenkins.plugins.codexauth.step;

import hudson.model.Run;
import hudson.model.TaskListener;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.StoreException;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.lease.BuildOwners;
import io.jenkins.plugins.codexauth.lease.OfferListener;
import io.jenkins.plugins.codexauth.lease.Turn;
import io.jenkins.plugins.codexauth.lease.TurnListener;
import io.jenkins.plugins.codexauth.session.BuildLog;
import io.jenkins.plugins.codexauth.session.SignInFailedException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A build's wait for a login: for one, or for whichever of a pool is free first. Safe for use by several threads.
 */
final class LoginQueue {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm");

    private final String ticket;
    private final Run<?, ?> build;
    private final TaskListener log;
    private final Holder holder;
    private final List<CodexAccount> accounts;
    private final Consumer<Throwable> onFailure;
    private boolean over;
    private @Nullable Occupancy told;

    /**
     * @param ticket the name of the turn
     * @param log what people read
     * @param onFailure told if no turn can come any more
     */
    LoginQueue(
            String ticket,
            Run<?, ?> build,
            TaskListener log,
            Holder holder,
            List<CodexAccount> accounts,
            Consumer<Throwable> onFailure) {
        this.ticket = ticket;
        this.build = build;
        this.log = log;
        this.holder = holder;
        this.accounts = List.copyOf(accounts);
        this.onFailure = onFailure;
    }

    /**
     * Joins the queue of each account. The first that is granted is taken, and the others are left.
     *
     * @param onGranted told once, in another thread
     */
    void join(Consumer<CodexAccount> onGranted) throws StoreException {
        joinEach(account -> new Listener(account, onGranted));
    }

    /**
     * Joins each queue without an executor: none is granted, and {@link #take} takes one that is free.
     *
     * @param onOffered told, in another thread, whenever one is free
     * @param onGranted told once, in another thread, of one that was taken before a restart
     */
    void joinWithoutExecutor(Runnable onOffered, Consumer<CodexAccount> onGranted) throws StoreException {
        joinEach(account -> new Offered(account, onOffered, onGranted));
    }

    private void joinEach(Function<CodexAccount, Listener> listener) throws StoreException {
        Turn turn = new Turn(ticket, BuildOwners.of(build), holder);
        for (CodexAccount account : accounts) {
            if (isOver()) {
                return;
            }
            account.store().queue(account.id(), turn, listener.apply(account));
        }
    }

    /** Whether one could be taken now. */
    boolean isOffered() {
        return !isOver()
                && accounts.stream().anyMatch(account -> account.store().isOffered(account.id(), ticket));
    }

    /**
     * Takes one that is free, and keeps the places in the other queues. Empty if none is.
     *
     * @param isFree whether nobody else than builds of this controller keeps it from being taken
     */
    Optional<CodexAccount> take(Predicate<CodexAccount> isFree) {
        return isOver()
                ? Optional.empty()
                : accounts.stream()
                        .filter(isFree)
                        .filter(account -> account.store().take(account.id(), ticket))
                        .findFirst();
    }

    /** Gives back what was taken, and waits on, before all others. */
    void giveBack(CodexAccount account, Runnable onOffered, Consumer<CodexAccount> onGranted) {
        account.store().giveBack(account.id(), ticket, new Offered(account, onOffered, onGranted));
    }

    /** Leaves all queues but that of the login that was taken. False if the wait had ended already. */
    boolean settleFor(CodexAccount taken) {
        boolean first = end();
        if (first) {
            leaveAllBut(taken);
        }
        return first;
    }

    private void leaveAllBut(CodexAccount taken) {
        for (CodexAccount other : accounts) {
            if (other != taken) {
                other.store().leave(other.id(), ticket);
            }
        }
    }

    /** Leaves. False if a login was granted before, or the wait had ended already. */
    boolean leave() {
        if (!end()) {
            return false;
        }
        accounts.forEach(account -> account.store().leave(account.id(), ticket));
        return true;
    }

    /** What a build is told that has waited long enough. */
    CodexAuthException busy(Duration waited) {
        Occupancy occupancy = told;
        return SignInFailedException.busy(name(), waited, occupancy == null ? null : who(occupancy));
    }

    /** Whether somebody else had the login when we came. */
    synchronized boolean hadToWait() {
        return told != null;
    }

    /** For the list of a build's running steps. */
    synchronized String status() {
        return told == null ? "waiting for " + name() : "waiting for " + who(told);
    }

    private synchronized boolean isOver() {
        return over;
    }

    private synchronized boolean end() {
        boolean first = !over;
        over = true;
        return first;
    }

    private String name() {
        return accounts.size() == 1
                ? "credential '" + accounts.get(0).id() + "'"
                : "each of the " + accounts.size() + " logins of the pool";
    }

    private static String who(Occupancy occupancy) {
        return occupancy.holder().description() + ", since "
                + CLOCK.format(occupancy.holder().since().atZone(ZoneId.systemDefault()));
    }

    /** Hears of one account. */
    private class Listener implements TurnListener {
        private final CodexAccount account;
        private final Consumer<CodexAccount> onGranted;

        Listener(CodexAccount account, Consumer<CodexAccount> onGranted) {
            this.account = account;
            this.onGranted = onGranted;
        }

        @Override
        public void granted() {
            if (!settleFor(account)) {
                account.store().leave(account.id(), ticket);
                return;
            }
            onGranted.accept(account);
        }

        @Override
        public void waiting(Occupancy occupancy, int place) {
            if (isOver()) {
                return;
            }
            synchronized (LoginQueue.this) {
                if (occupancy.equals(told)) {
                    return;
                }
                told = occupancy;
            }
            BuildLog.say(
                    log,
                    "waiting for " + who(occupancy) + " (credential '" + account.id() + "'"
                            + (place == 1 ? ", we are next)" : ", " + (place - 1) + " before us)"));
        }

        @Override
        public void failed(StoreException e) {
            if (leave()) {
                onFailure.accept(e);
            }
        }
    }

    /** Hears of one account for a build without an executor. */
    private final class Offered extends Listener implements OfferListener {
        private final Runnable onOffered;

        Offered(CodexAccount account, Runnable onOffered, Consumer<CodexAccount> onGranted) {
            super(account, onGranted);
            this.onOffered = onOffered;
        }

        @Override
        public void offered() {
            onOffered.run();
        }
    }
}
