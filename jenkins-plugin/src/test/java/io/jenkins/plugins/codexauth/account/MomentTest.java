package io.jenkins.plugins.codexauth.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MomentTest {
    private static final Instant NOW = Instant.parse("2026-07-25T10:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "2026-08-03T09:00:00Z, in 8 days",
        "2026-07-27T09:00:00Z, in 47 hours",
        "2026-07-25T10:00:00Z, 0 seconds ago",
        "2026-07-25T09:59:01Z, 59 seconds ago",
        "2026-07-25T09:40:00Z, 20 minutes ago",
        "2026-07-25T07:00:30Z, 2 hours ago",
        "2026-06-20T09:00:00Z, 35 days ago",
    })
    void says_how_far_away_it_is(Instant at, String text) {
        assertThat(new Moment(at, NOW).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"2026-07-25T10:02:59Z, 2026-07-25 10:02 UTC"})
    void says_when_exactly(Instant at, String text) {
        assertThat(new Moment(at, NOW).exact()).isEqualTo(text);
    }
}
