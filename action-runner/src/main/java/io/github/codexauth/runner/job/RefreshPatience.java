package io.github.codexauth.runner.job;

import io.github.codexauth.home.Patience;
import io.github.codexauth.runner.process.SignalInbox;
import java.time.Duration;
import java.util.Optional;

/**
 * How long this command waits for a Codex that may be refreshing: as long as a refresh takes. Once a signal has come
 * somebody is in a hurry, and whatever is waited for has the same few seconds, counted from the first signal.
 */
public final class RefreshPatience implements Patience {
    /**
     * GitHub kills a cancelled job ten seconds after its first signal; half of that has to be enough for Codex to
     * finish.
     */
    private static final Duration AFTER_A_SIGNAL = Duration.ofSeconds(4);

    private final SignalInbox signals;

    public RefreshPatience(SignalInbox signals) {
        this.signals = signals;
    }

    @Override
    public boolean lasts(Duration waited) {
        Optional<Duration> hurried = signals.sinceFirst();
        return hurried.isPresent() ? hurried.get().compareTo(AFTER_A_SIGNAL) < 0 : UNHURRIED.lasts(waited);
    }
}
