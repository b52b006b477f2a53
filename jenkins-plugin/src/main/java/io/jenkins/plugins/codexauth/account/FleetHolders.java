package io.jenkins.plugins.codexauth.account;

import hudson.Extension;
import hudson.ExtensionList;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.store.Occupancy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Who has logins in fleets' stores, for Jenkins' queue, which must not wait for an answer. What it tells is some
 * seconds old. Safe for use by several threads.
 */
@Extension
public final class FleetHolders {
    private static final Logger LOGGER = Logger.getLogger(FleetHolders.class.getName());

    /** Jenkins looks through its queue as often. */
    private static final Duration FRESH = Duration.ofSeconds(4);

    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    public FleetHolders() {
        this(System::nanoTime);
    }

    /** @param nanoTime as {@link System#nanoTime} */
    public FleetHolders(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    public static FleetHolders get() {
        return ExtensionList.lookupSingleton(FleetHolders.class);
    }

    /**
     * What is known of one login.
     *
     * @param since when it was asked for, by the clock
     * @param isAsked whether an answer is under way
     * @param sentence why a build cannot begin; empty if it can
     */
    private record Known(long since, boolean isAsked, Optional<String> sentence) {
        boolean isFresh(long now) {
            return isAsked || now - since < FRESH.toNanos();
        }
    }

    /**
     * Why a build that needs an account cannot begin. Asks the account's store, unless that was done a moment ago; a
     * store that cannot be asked is no reason, and tells the build so itself.
     *
     * @param onAnswer called when there is something new
     * @return for people; empty if nobody has the login, or it is on this controller
     */
    public Optional<String> blockage(CodexAccount account, Runnable onAnswer) {
        if (!account.isElsewhere()) {
            return Optional.empty();
        }
        Known found = known.compute(account.fullName(), (name, before) -> {
            if (before != null && before.isFresh(nanoTime.getAsLong())) {
                return before;
            }
            FleetStores.get().execute(account, () -> ask(account, onAnswer));
            // Nobody begins on the word of an earlier build's time, which may be hours ago.
            Optional<String> asking = (before == null ? Optional.<String>empty() : before.sentence())
                    .or(() -> Optional.of("asking the fleet's store for '" + name + "'"));
            return new Known(nanoTime.getAsLong(), true, asking);
        });
        return found.sentence();
    }

    private void ask(CodexAccount account, Runnable onAnswer) {
        Optional<Occupancy> occupancy = Optional.empty();
        try {
            occupancy = account.logins().store().occupancy(account.id());
        } catch (CodexAuthException | RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "who has " + account.fullName() + " is not known");
        }
        Optional<String> sentence = occupancy.map(FleetHolders::sentence);
        Known before = known.put(account.fullName(), new Known(nanoTime.getAsLong(), false, sentence));
        if (before == null || !before.sentence().equals(sentence)) {
            onAnswer.run();
        }
    }

    /** What people are told of a wait there. */
    public static String sentence(Occupancy occupancy) {
        return "waiting for " + who(occupancy);
    }

    /** What to call whoever has a login there. */
    public static String who(Occupancy occupancy) {
        return occupancy.holder().description() + ", in the fleet's store";
    }
}
