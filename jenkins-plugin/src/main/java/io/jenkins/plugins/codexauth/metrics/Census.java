package io.jenkins.plugins.codexauth.metrics;

import io.jenkins.plugins.codexauth.account.AccountState;
import io.jenkins.plugins.codexauth.account.AccountStates;
import io.jenkins.plugins.codexauth.account.Accounts;
import io.jenkins.plugins.codexauth.account.Health;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Counts the accounts of this controller, at most once a minute: it reads them all. Safe for several threads. */
final class Census {
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    private final Clock clock;
    private @Nullable Instant at;
    private Count last = new Count(Map.of(), 0, 0);

    Census(Clock clock) {
        this.clock = clock;
    }

    /**
     * What was counted.
     *
     * @param byHealth how many accounts do so; none that none does
     * @param inUse how many accounts a build has
     * @param waiting how many builds wait for an account; one that would take any of a pool's is one
     */
    record Count(Map<Health, Integer> byHealth, int inUse, int waiting) {
        int accounts() {
            return byHealth.values().stream().mapToInt(Integer::intValue).sum();
        }

        int of(Health health) {
            return byHealth.getOrDefault(health, 0);
        }
    }

    synchronized Count now() {
        Instant now = clock.instant();
        Instant before = at;
        if (before == null || Duration.between(before, now).abs().compareTo(REMEMBERED) >= 0) {
            last = count(now);
            at = now;
        }
        return last;
    }

    private static Count count(Instant now) {
        Map<Health, Integer> byHealth = new EnumMap<>(Health.class);
        int inUse = 0;
        Set<String> waiting = new HashSet<>();
        for (AccountState state : AccountStates.of(Accounts.all(), now).values()) {
            byHealth.merge(state.getHealth(), 1, Integer::sum);
            inUse += state.getHolder() == null ? 0 : 1;
            waiting.addAll(state.getWaiting());
        }
        return new Count(byHealth, inUse, waiting.size());
    }
}
