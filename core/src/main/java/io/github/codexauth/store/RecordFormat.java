package io.github.codexauth.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.Sha256;
import io.github.codexauth.TreeFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A record as bytes: one JSON object, the same in every store.
 *
 * <p>The payload is the member {@code authJson} in base64, so that an encrypted login can be taken out with nothing but
 * {@code jq -r .authJson current.json | base64 -d | age -d -i identity.txt}.
 */
public final class RecordFormat {
    /** Longest record that is read, in bytes. */
    public static final int LONGEST = 4 * 1024 * 1024;

    static final long NEWEST = 2;

    private static final String ASIDE = "aside";

    private static final TreeFormat JSON = TreeFormat.json(8, LONGEST);

    private RecordFormat() {}

    /** The record as UTF-8 JSON, with a line feed at its end. */
    public static byte[] write(CredentialRecord record) {
        return bytes(json(record));
    }

    /** The same of one that lies beside another: {@link #read} reads it as any record. */
    public static byte[] write(StrayRecord stray) {
        ObjectNode json = json(stray.record());
        json.putObject(ASIDE).put("refreshToken", stray.refreshToken()).put("reason", stray.reason());
        return bytes(json);
    }

    private static byte[] bytes(ObjectNode json) {
        return (JSON.writeLines(json) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode json(CredentialRecord record) {
        Envelope envelope = record.envelope();
        byte[] payload = record.payload();
        ObjectNode json = TreeFormat.object()
                .put("format", NEWEST)
                .put("id", envelope.id().value())
                .put("generation", envelope.generation())
                .put("savedAt", envelope.savedAt().toString())
                .put("savedBy", envelope.savedBy())
                .put("session", envelope.session())
                .put("account", envelope.account());
        envelope.plan().ifPresent(plan -> json.put("plan", plan));
        json.put("lastRefresh", envelope.lastRefresh().toString());
        envelope.expiresAt().ifPresent(expiresAt -> json.put("expiresAt", expiresAt.toString()));
        ArrayNode seeds = json.putArray("seeds");
        envelope.seeds().forEach(seeds::add);
        envelope.descent().ifPresent(descent -> {
            json.put("refreshToken", descent.token());
            descent.predecessor().ifPresent(predecessor -> json.put("predecessor", predecessor));
        });
        envelope.needsLogin()
                .ifPresent(needs -> json.putObject("needsLogin")
                        .put("since", needs.since().toString())
                        .put("cause", needs.cause().label()));
        envelope.health().usageLimitUntil().ifPresent(end -> json.put("usageLimitUntil", end.toString()));
        return json.put("encryption", record.encryption().label())
                .put("sha256", Sha256.hex(payload))
                .put("authJson", Base64.getEncoder().encodeToString(payload));
    }

    /**
     * Reads a record back.
     *
     * @param name where the bytes come from, for messages
     * @param hint what to type if the record is unusable
     * @throws CorruptRecordException if the bytes are not what {@link #write} made, whole
     * @throws NewerFormatException if a newer version wrote them
     */
    public static CredentialRecord read(byte[] bytes, String name, String hint) throws StoreException {
        return record(json(bytes, name, hint), name, hint);
    }

    /**
     * Reads back one that lies beside another.
     *
     * @param name where the bytes come from, for messages
     * @param hint what to type if it is unusable
     * @throws CorruptRecordException if the bytes are not what {@link #write(StrayRecord)} made, whole
     * @throws NewerFormatException if a newer version wrote them
     */
    public static StrayRecord readStray(byte[] bytes, String name, String hint) throws StoreException {
        JsonNode json = json(bytes, name, hint);
        CredentialRecord record = record(json, name, hint);
        try {
            return new StrayRecord(text(json.path(ASIDE), "refreshToken"), text(json.path(ASIDE), "reason"), record);
        } catch (IllegalArgumentException quoted) {
            throw new CorruptRecordException(name + " is damaged: it does not say why it was put aside", hint);
        }
    }

    private static JsonNode json(byte[] bytes, String name, String hint) throws StoreException {
        JsonNode json;
        try {
            json = bytes.length > LONGEST ? MissingNode.getInstance() : JSON.read(bytes);
        } catch (IOException quoted) {
            // The cause is dropped: Jackson quotes what it could not read.
            throw new CorruptRecordException(name + " is damaged: it is not complete JSON", hint);
        }
        if (!json.path("format").canConvertToLong()) {
            throw new CorruptRecordException(name + " is damaged: it is not a record of codex-auth", hint);
        }
        long format = json.path("format").longValue();
        if (format > NEWEST) {
            throw new NewerFormatException(name, format);
        }
        return json;
    }

    private static CredentialRecord record(JsonNode json, String name, String hint) throws StoreException {
        try {
            byte[] payload = Base64.getDecoder().decode(text(json, "authJson"));
            if (!MessageDigest.isEqual(
                    Sha256.hex(payload).getBytes(StandardCharsets.US_ASCII),
                    text(json, "sha256").getBytes(StandardCharsets.US_ASCII))) {
                throw new CorruptRecordException(name + " is damaged: its content does not match its checksum", hint);
            }
            return new CredentialRecord(envelope(json), encryption(text(json, "encryption")), payload);
        } catch (IllegalArgumentException | DateTimeException quoted) {
            throw new CorruptRecordException(name + " is damaged: a member is missing or unreadable", hint);
        }
    }

    private static Envelope envelope(JsonNode json) {
        List<String> seeds = new ArrayList<>();
        for (JsonNode seed : json.path("seeds")) {
            seeds.add(seed.asText());
        }
        return new Envelope(
                new CredentialId(text(json, "id")),
                generation(json),
                Instant.parse(text(json, "savedAt")),
                text(json, "savedBy"),
                text(json, "session"),
                text(json, "account"),
                Optional.ofNullable(json.path("plan").textValue()),
                Instant.parse(text(json, "lastRefresh")),
                instant(json.path("expiresAt")),
                seeds,
                descent(json),
                new Health(needsLogin(json.path("needsLogin")), instant(json.path("usageLimitUntil"))));
    }

    private static Optional<Descent> descent(JsonNode json) {
        JsonNode token = json.path("refreshToken");
        return token.isTextual()
                ? Optional.of(new Descent(
                        token.textValue(),
                        Optional.ofNullable(json.path("predecessor").textValue())))
                : Optional.empty();
    }

    private static Optional<Instant> instant(JsonNode member) {
        return member.isTextual() ? Optional.of(Instant.parse(member.textValue())) : Optional.empty();
    }

    private static Optional<NeedsLogin> needsLogin(JsonNode json) {
        return json.isObject()
                ? Optional.of(
                        new NeedsLogin(Instant.parse(text(json, "since")), NeedsLogin.Cause.of(text(json, "cause"))))
                : Optional.empty();
    }

    private static long generation(JsonNode json) {
        long generation = json.path("generation").longValue();
        if (generation < 1) {
            throw new IllegalArgumentException("no generation");
        }
        return generation;
    }

    private static Encryption encryption(String label) {
        for (Encryption encryption : Encryption.values()) {
            if (encryption.label().equals(label)) {
                return encryption;
            }
        }
        throw new IllegalArgumentException("unknown encryption");
    }

    private static String text(JsonNode json, String field) {
        String value = json.path(field).textValue();
        if (value == null) {
            throw new IllegalArgumentException("no " + field);
        }
        return value;
    }
}
