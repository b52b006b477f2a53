package io.github.codexauth.runner.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.runner.process.JobSignal;
import io.github.codexauth.runner.process.SignalInbox;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefreshPatienceTest {
    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1);
    private final SignalInbox signals = new SignalInbox(nanoTime::get);
    private final RefreshPatience patience = new RefreshPatience(signals);

    @Test
    void whileNobodyHurriesASlowServerIsWaitedForButNotForEver() {
        assertThat(patience.lasts(Duration.ofSeconds(6))).isTrue();
        assertThat(patience.lasts(Duration.ofSeconds(60))).isTrue();
        assertThat(patience.lasts(Duration.ofMinutes(3))).isFalse();
    }

    @Test
    void afterASignalEverythingTogetherHasFourSecondsHoweverLongItWasWaitedForBefore() {
        signals.receive(JobSignal.INT);

        pass(Duration.ofMillis(3900));
        assertThat(patience.lasts(Duration.ofSeconds(60))).isTrue();
        pass(Duration.ofMillis(200));
        assertThat(patience.lasts(Duration.ZERO)).isFalse();
    }

    @Test
    void aSecondSignalDoesNotGiveTheTimeAnew() {
        signals.receive(JobSignal.INT);
        pass(Duration.ofMillis(7500));
        signals.receive(JobSignal.TERM);

        assertThat(patience.lasts(Duration.ZERO)).isFalse();
    }

    private void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }
}
