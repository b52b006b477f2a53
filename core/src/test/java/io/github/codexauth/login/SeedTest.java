package io.github.codexauth.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CredentialId;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.standin.Login;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.NeedsLogin;
import io.github.codexauth.store.Records;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which seed may take the stored login's place. */
class SeedTest {
    private static final Instant NOVEMBER = Instant.parse("2026-11-01T10:00:00Z");
    private static final Instant TOMORROW = NOVEMBER.plus(Duration.ofDays(1));
    private static final Envelope ENVELOPE = Records.envelope(new CredentialId("ci"), 1);

    private final byte[] stored = login("acme", NOVEMBER);
    private final byte[] newer = login("acme", NOVEMBER.plusSeconds(60));

    @Test
    void aLoginThatIsNewerMay() throws Exception {
        assertThat(seed(newer).reasonToIgnore(ENVELOPE, parse(stored), TOMORROW))
                .isEmpty();
    }

    @Test
    void anOlderOneMayNot() throws Exception {
        assertThat(seed(stored).reasonToIgnore(ENVELOPE, parse(newer), TOMORROW))
                .hasValueSatisfying(reason -> assertThat(reason)
                        .isEqualTo("the seed is not newer than the stored login, last refreshed "
                                + ENVELOPE.lastRefresh()));
    }

    /** Whatever was done to the login since: a seed that a job carries along every day is used once. */
    @Test
    void oneThatTheCredentialWasEverSeededWithMayNot() throws Exception {
        Envelope seeded = withSeed(seed(newer).auth().refreshTokenFingerprint());

        assertThat(seed(newer).reasonToIgnore(seeded, parse(stored), TOMORROW))
                .contains("the stored login came from this seed and has been refreshed since");
    }

    @Test
    void anOlderOneMayIfTheStoredLoginHasEnded() throws Exception {
        Envelope ended = ENVELOPE.with(Health.needing(new NeedsLogin(NOVEMBER, NeedsLogin.Cause.REFRESH_TOKEN_REUSED)));

        assertThat(seed(stored).reasonToIgnore(ended, parse(newer), TOMORROW)).isEmpty();
    }

    @Test
    void oneOfAnotherAccountIsAMistakeThatSaysBothAccounts() throws Exception {
        Seed foreign = seed(login("other", NOVEMBER.plusSeconds(60)));

        assertThatExceptionOfType(InvalidAuthJsonException.class)
                .isThrownBy(() -> foreign.reasonToIgnore(ENVELOPE, parse(stored), TOMORROW))
                .satisfies(mistake -> {
                    assertThat(mistake.problem())
                            .contains(foreign.auth().account().fingerprint())
                            .contains(parse(stored).account().fingerprint());
                    assertThat(mistake.hint()).contains("codex-auth seed --replace --id ci");
                });
    }

    /** A forged state of ten years ahead must not keep a person's new login out. */
    @Test
    void aStoredLoginOfTheFutureIsNoReasonToIgnoreASeed() throws Exception {
        AuthJson forged = parse(login("acme", NOVEMBER.plus(Duration.ofDays(3650))));

        assertThat(seed(newer).reasonToIgnore(ENVELOPE, forged, TOMORROW)).isEmpty();
        assertThat(seed(newer).reasonToIgnore(ENVELOPE, parse(newer), TOMORROW)).isPresent();
    }

    private static Envelope withSeed(String fingerprint) {
        return new Envelope(
                ENVELOPE.id(),
                ENVELOPE.generation(),
                ENVELOPE.savedAt(),
                ENVELOPE.savedBy(),
                ENVELOPE.session(),
                ENVELOPE.account(),
                ENVELOPE.plan(),
                ENVELOPE.lastRefresh(),
                ENVELOPE.expiresAt(),
                List.of(fingerprint));
    }

    private static Seed seed(byte[] bytes) throws InvalidAuthJsonException {
        return Seed.parse(bytes, "seed");
    }

    private static byte[] login(String account, Instant issuedAt) {
        return Login.unknownToAnyServer(account, "bot", issuedAt, Duration.ofDays(10))
                .authJson();
    }

    private static AuthJson parse(byte[] bytes) throws InvalidAuthJsonException {
        return AuthJson.parse(bytes, "file");
    }
}
