package io.github.codexauth.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CredentialId;
import io.github.codexauth.login.Seed.Fit;
import io.github.codexauth.standin.Login;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.NeedsLogin;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The one rule about seeds, as who has opened the stored login asks for it and as who sees its envelope alone. */
class SeedFitTest {
    private static final Instant NOVEMBER = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant TOMORROW = NOVEMBER.plus(Duration.ofDays(10));
    private static final NeedsLogin NEEDS = new NeedsLogin(NOVEMBER, NeedsLogin.Cause.REFRESH_TOKEN_EXPIRED);
    private static final boolean ALIVE = true;
    private static final boolean DEAD = false;

    static Stream<Arguments> seeds() {
        byte[] stored = file("acme", NOVEMBER);
        return Stream.of(
                Arguments.of("a newer login", file("acme", NOVEMBER.plusSeconds(60)), stored, ALIVE, Fit.NEW),
                Arguments.of("the one it came from", stored, stored, ALIVE, Fit.USED),
                Arguments.of("the one it came from, dead", stored, stored, DEAD, Fit.USED),
                Arguments.of("an older login", file("acme", NOVEMBER.minusSeconds(60)), stored, ALIVE, Fit.NOT_NEWER),
                Arguments.of("an older one for a dead", file("acme", NOVEMBER.minusSeconds(60)), stored, DEAD, Fit.NEW),
                Arguments.of("another account's", file("other", NOVEMBER.plusSeconds(60)), stored, ALIVE, Fit.FOREIGN),
                Arguments.of("another's for a dead", file("other", NOVEMBER), stored, DEAD, Fit.FOREIGN));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("seeds")
    void aSeedIsJudgedAlikeWithTheStoredLoginAndWithItsEnvelope(
            String what, byte[] given, byte[] storedFile, boolean alive, Fit fit) throws Exception {
        Seed seed = Seed.parse(given, "seed");
        AuthJson stored = AuthJson.parse(storedFile, "stored");
        Envelope envelope = envelope(stored, alive);

        assertThat(seed.fit(envelope, stored, TOMORROW)).isEqualTo(fit);
        assertThat(seed.fit(envelope)).isEqualTo(fit);
    }

    private static byte[] file(String account, Instant lastRefresh) {
        return Login.unknownToAnyServer(account, "bot", lastRefresh, Duration.ofDays(10))
                .authJson();
    }

    private static Envelope envelope(AuthJson stored, boolean alive) {
        return new Envelope(
                        new CredentialId("ci"),
                        1,
                        NOVEMBER,
                        "a job",
                        "session",
                        stored.account().fingerprint(),
                        Optional.empty(),
                        stored.lastRefresh(),
                        stored.expiresAt(),
                        List.of(stored.refreshTokenFingerprint()))
                .with(alive ? Health.ALIVE : Health.needing(NEEDS));
    }
}
