package io.github.codexauth.stores.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LookTimesTest {
    private static final Duration OFTEN = Duration.ofMillis(500);

    /** Fifty that are given back at once are taken by the first fifty. */
    @Test
    void letAsManyPeopleLookOftenAsThereAreCredentials() {
        assertThat(LookTimes.withoutBell(0, 1)).isEqualTo(OFTEN);
        assertThat(LookTimes.withoutBell(1, 1)).isGreaterThan(OFTEN);
        assertThat(LookTimes.withoutBell(49, 50)).isEqualTo(OFTEN);
        assertThat(LookTimes.withoutBell(50, 50)).isGreaterThan(OFTEN);
    }

    @Test
    void letNoMoreThan64LookOftenHoweverManyCredentialsThereAre() {
        assertThat(LookTimes.withoutBell(63, 10_000)).isEqualTo(OFTEN);
        assertThat(LookTimes.withoutBell(64, 10_000)).isGreaterThan(OFTEN);
    }

    @Test
    void letThoseFarBackLookFourTimesAMinute() {
        assertThat(LookTimes.withoutBell(500, 1)).isEqualTo(Duration.ofSeconds(15));
        assertThat(LookTimes.withBell(500)).isEqualTo(Duration.ofSeconds(15));
    }
}
