package io.jenkins.plugins.codexauth.step;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.StoreException;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.lease.BuildOwners;
import io.jenkins.plugins.codexauth.lease.Turn;
import io.jenkins.plugins.codexauth.lease.TurnListener;
import io.jenkins.plugins.codexauth.session.BuildLog;
import io.jenkins.plugins.codexauth.session.BuildOnAgent;
import io.jenkins.plugins.codexauth.session.SignInFailedException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A build's wait for a login: for one, or for whichever of a pool is free first. Safe for use by several threads.
 */
final class LoginQueue {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm");

    private final String ticket;
    private final BuildOnAgent site;
    private final Holder holder;
    private final List<CodexAccount> accounts;
    private final Consumer<Throwable> onFailure;
    private boolean over;
    private @Nullable Occupancy told;

    /** @param onFailure told if no turn can come any more */
    LoginQueue(
            String ticket,
            BuildOnAgent site,
            Holder holder,
            List<CodexAccount> accounts,
            Consumer<Throwable> onFailure) {
        this.ticket = ticket;
        this.site = site;
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
        Turn turn = new Turn(ticket, BuildOwners.of(site.build()), holder);
        for (CodexAccount account : accounts) {
            if (isOver()) {
                return;
            }
            account.store().queue(account.id(), turn, new Listener(account, onGranted));
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
        return new SignInFailedException(
                name() + " was busy for " + waited.toString().substring(2).toLowerCase(java.util.Locale.ROOT)
                        + (occupancy == null ? "" : "; " + who(occupancy) + " has it"),
                "builds that share a login take turns: allow a longer 'wait', or give this job a login of its own");
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
    private final class Listener implements TurnListener {
        private final CodexAccount account;
        private final Consumer<CodexAccount> onGranted;

        Listener(CodexAccount account, Consumer<CodexAccount> onGranted) {
            this.account = account;
            this.onGranted = onGranted;
        }

        @Override
        public void granted() {
            if (!end()) {
                account.store().leave(account.id(), ticket);
                return;
            }
            for (CodexAccount other : accounts) {
                if (other != account) {
                    other.store().leave(other.id(), ticket);
                }
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
                    site.log(),
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
}
