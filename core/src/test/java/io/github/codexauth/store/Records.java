package io.github.codexauth.store;

import io.github.codexauth.CredentialId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Records for tests. A store looks into no payload, so these hold anything. */
public final class Records {
    private Records() {}

    /** A generation with a payload that can be told from every other generation's. */
    public static CredentialRecord generation(CredentialId id, long generation) {
        return record(envelope(id, generation), payload(generation));
    }

    /** One of several attempts to store a generation. */
    public static CredentialRecord attempt(CredentialId id, long generation, int attempt) {
        Envelope envelope = envelope(id, generation);
        Envelope timed = new Envelope(
                id,
                generation,
                envelope.savedAt().plusMillis(attempt),
                envelope.savedBy(),
                envelope.session(),
                envelope.account(),
                envelope.plan(),
                envelope.lastRefresh(),
                envelope.expiresAt(),
                envelope.seeds());
        return record(timed, payload(generation * 100_000 + attempt));
    }

    public static CredentialRecord record(Envelope envelope, byte[] payload) {
        return new CredentialRecord(envelope, Encryption.NONE, payload);
    }

    public static Envelope envelope(CredentialId id, long generation) {
        return new Envelope(
                id,
                generation,
                Instant.parse("2026-03-01T10:00:00.123Z").plusSeconds(generation),
                "job deploy/main #" + generation,
                "0123456789abcdef",
                "a1b2c3d4e5f6",
                Optional.of("enterprise"),
                Instant.parse("2026-03-01T09:59:59.987654321Z"),
                Optional.of(Instant.parse("2026-03-11T09:59:59Z")),
                List.of("000000000001", "000000000002"));
    }

    /** Some kilobytes, as a real login has, that follow from the generation alone. */
    static byte[] payload(long generation) {
        byte[] payload = new byte[6000];
        new Random(generation).nextBytes(payload);
        byte[] label = ("generation " + generation + '\n').getBytes(StandardCharsets.UTF_8);
        System.arraycopy(label, 0, payload, 0, label.length);
        return payload;
    }
}
