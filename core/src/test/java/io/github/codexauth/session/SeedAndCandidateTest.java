package io.github.codexauth.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.AuthJson;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.standin.Login;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SeedAndCandidateTest {
    private static final Instant NOVEMBER = Instant.parse("2026-11-01T10:00:00Z");

    private final Login login = Login.unknownToAnyServer("acme", "bot", NOVEMBER, Duration.ofDays(10));
    private final byte[] first = login.authJson();
    private final byte[] second = next(60);
    private final byte[] third = next(120);

    @Test
    void onlyAWholeNewerFileOfTheSameLoginTakesTheStoredOnesPlace() throws InvalidAuthJsonException {
        AuthJson stored = parse(second);
        byte[] foreign = Login.unknownToAnyServer("acme", "somebody", NOVEMBER.plusSeconds(600), Duration.ofDays(1))
                .authJson();

        assertThat(Candidate.judge(Optional.of(third), stored)).isInstanceOf(Candidate.Newer.class);
        assertThat(Candidate.judge(Optional.of(second), stored)).isInstanceOf(Candidate.Unchanged.class);
        assertThat(Candidate.judge(Optional.of(first), stored)).isInstanceOf(Candidate.Rejected.class);
        assertThat(Candidate.judge(Optional.of(foreign), stored)).isInstanceOf(Candidate.Rejected.class);
        assertThat(Candidate.judge(Optional.of(new byte[0]), stored)).isInstanceOf(Candidate.Rejected.class);
        assertThat(Candidate.judge(Optional.empty(), stored)).isInstanceOf(Candidate.Rejected.class);
    }

    @Test
    void ofAnOldAuthJsonAndAFileWrittenAsideTheNewestIsTaken() throws InvalidAuthJsonException {
        AuthJson stored = parse(first);

        for (List<byte[]> order : List.of(List.of(first, second, third), List.of(third, first, second))) {
            assertThat(Candidate.best(order, stored))
                    .isInstanceOfSatisfying(
                            Candidate.Newer.class,
                            newer -> assertThat(newer.auth().bytes()).isEqualTo(third));
        }
    }

    @Test
    void aTornFileAsideDoesNotHideTheWholeOne() throws InvalidAuthJsonException {
        byte[] torn = java.util.Arrays.copyOf(third, third.length / 2);

        assertThat(Candidate.best(List.of(torn, second), parse(first)))
                .isInstanceOfSatisfying(
                        Candidate.Newer.class,
                        newer -> assertThat(newer.auth().bytes()).isEqualTo(second));
    }

    private byte[] next(int seconds) {
        login.rotate(NOVEMBER.plusSeconds(seconds), Duration.ofDays(10));
        return login.authJson();
    }

    private static AuthJson parse(byte[] bytes) throws InvalidAuthJsonException {
        return AuthJson.parse(bytes, "file");
    }
}
