package io.github.codexauth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A record as every store keeps it. */
class RecordFormatTest {
    private static final CredentialRecord RECORD = Records.record(
            Records.envelope(new CredentialId("codex-ci"), 41), "{\"a\":1}".getBytes(StandardCharsets.UTF_8));

    private static CredentialRecord read(byte[] bytes) throws StoreException {
        return RecordFormat.read(bytes, "current.json", "do this");
    }

    private static ObjectNode json() throws Exception {
        return (ObjectNode) new JsonMapper().readTree(RecordFormat.write(RECORD));
    }

    @Test
    void looksLikeThis() {
        assertThat(new String(RecordFormat.write(RECORD), StandardCharsets.UTF_8))
                .isEqualTo("""
                {
                  "format" : 2,
                  "id" : "codex-ci",
                  "generation" : 41,
                  "savedAt" : "2026-03-01T10:00:41.123Z",
                  "savedBy" : "job deploy/main #41",
                  "session" : "0123456789abcdef",
                  "account" : "a1b2c3d4e5f6",
                  "plan" : "enterprise",
                  "lastRefresh" : "2026-03-01T09:59:59.987654321Z",
                  "expiresAt" : "2026-03-11T09:59:59Z",
                  "seeds" : [ "000000000001", "000000000002" ],
                  "encryption" : "none",
                  "sha256" : "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862",
                  "authJson" : "eyJhIjoxfQ=="
                }
                """);
    }

    @Test
    void saysWhichRefreshTokenFollowedWhichAndIsReadBackSo() throws Exception {
        CredentialRecord refreshed = new CredentialRecord(
                RECORD.envelope().with(Descent.of("bbbbbbbbbbbb", "aaaaaaaaaaaa")),
                RECORD.encryption(),
                RECORD.payload());

        byte[] written = RecordFormat.write(refreshed);

        assertThat(new String(written, StandardCharsets.UTF_8))
                .contains("\"refreshToken\" : \"bbbbbbbbbbbb\"", "\"predecessor\" : \"aaaaaaaaaaaa\"");
        assertThat(read(written)).isEqualTo(refreshed);
    }

    @Test
    void ofFormat1IsReadWithoutThat() throws Exception {
        byte[] first = json().put("format", 1).toString().getBytes(StandardCharsets.UTF_8);

        assertThat(read(first)).isEqualTo(RECORD);
        assertThat(read(first).envelope().descent()).isEmpty();
    }

    @Test
    void isReadBackAsItWasWritten() throws Exception {
        assertThat(read(RecordFormat.write(RECORD))).isEqualTo(RECORD);
    }

    @Test
    void saysWhenALoginNeedsANewOneAndWhyAndIsReadBackSo() throws Exception {
        CredentialRecord dead = new CredentialRecord(
                RECORD.envelope()
                        .with(Health.needing(new NeedsLogin(
                                Instant.parse("2026-03-02T08:00:00Z"), NeedsLogin.Cause.REFRESH_TOKEN_REUSED))),
                RECORD.encryption(),
                RECORD.payload());

        byte[] written = RecordFormat.write(dead);

        assertThat(new JsonMapper().readTree(written).path("needsLogin"))
                .hasToString("{\"since\":\"2026-03-02T08:00:00Z\",\"cause\":\"refresh_token_reused\"}");
        assertThat(read(written)).isEqualTo(dead);
    }

    @Test
    void aCauseThatANewerVersionWroteStillMeansThatTheLoginIsDead() throws Exception {
        ObjectNode json = json();
        json.putObject("needsLogin").put("since", "2026-03-02T08:00:00Z").put("cause", "eaten_by_a_dog");

        assertThat(read(new JsonMapper().writeValueAsBytes(json)).envelope().needsLogin())
                .map(NeedsLogin::cause)
                .contains(NeedsLogin.Cause.REFUSED);
    }

    @Test
    void isNotReadIfAnythingOfItIsMissing() {
        byte[] whole = RecordFormat.write(RECORD);
        for (int length = 0; length < whole.length - 2; length++) {
            byte[] torn = Arrays.copyOf(whole, length);
            assertThatExceptionOfType(CorruptRecordException.class)
                    .as("%d of %d bytes", length, whole.length)
                    .isThrownBy(() -> read(torn))
                    .satisfies(corrupt -> {
                        assertThat(corrupt.problem()).startsWith("current.json is damaged: ");
                        assertThat(corrupt.hint()).isEqualTo("do this");
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id",
                "generation",
                "savedAt",
                "savedBy",
                "session",
                "account",
                "lastRefresh",
                "encryption",
                "sha256",
                "authJson"
            })
    void isNotReadWithoutTheMember(String member) throws Exception {
        byte[] without = json().without(member).toString().getBytes(StandardCharsets.UTF_8);
        assertThatExceptionOfType(CorruptRecordException.class).isThrownBy(() -> read(without));
    }

    @ParameterizedTest
    @CsvSource({
        "id, ../../etc/passwd",
        "id, ''",
        "savedAt, yesterday",
        "lastRefresh, 1700000000",
        "expiresAt, never",
        "encryption, rot13",
        "sha256, ''",
        "authJson, '***'",
        "authJson, eyJhIjoyfQ=="
    })
    void isNotReadWithTheMemberSetTo(String member, String value) throws Exception {
        byte[] changed = json().put(member, value).toString().getBytes(StandardCharsets.UTF_8);
        assertThatExceptionOfType(CorruptRecordException.class).isThrownBy(() -> read(changed));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void isNotReadWithAGenerationThatNoSaveMakes(long generation) throws Exception {
        byte[] changed = json().put("generation", generation).toString().getBytes(StandardCharsets.UTF_8);
        assertThatExceptionOfType(CorruptRecordException.class).isThrownBy(() -> read(changed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "99999999"})
    void ofANewerVersionIsNotCalledDamaged(String format) throws Exception {
        byte[] newer = json().put("format", Long.parseLong(format)).toString().getBytes(StandardCharsets.UTF_8);
        assertThatExceptionOfType(NewerFormatException.class)
                .isThrownBy(() -> read(newer))
                .satisfies(e -> assertThat(e.problem()).contains("format " + format, "knows up to 2"));
    }

    @Test
    void mayHaveMembersWeDoNotKnow() throws Exception {
        byte[] more = json().put("colour", "green").toString().getBytes(StandardCharsets.UTF_8);
        assertThat(read(more)).isEqualTo(RECORD);
    }

    @Test
    void isNotReadIfItIsTooLong() {
        byte[] long_ = new byte[RecordFormat.LONGEST + 1];
        Arrays.fill(long_, (byte) ' ');
        byte[] whole = RecordFormat.write(RECORD);
        System.arraycopy(whole, 0, long_, 0, whole.length);
        assertThatExceptionOfType(CorruptRecordException.class).isThrownBy(() -> read(long_));
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret-in-nothing", "\"secret-in-a-string", "{\"secret-in-a-key\"}", "[secret-in-a-list]"})
    void isNotQuotedWhenItIsDamaged(String damaged) {
        assertThatExceptionOfType(CorruptRecordException.class)
                .isThrownBy(() -> read(damaged.getBytes(StandardCharsets.UTF_8)))
                .satisfies(corrupt -> {
                    StringWriter printed = new StringWriter();
                    corrupt.printStackTrace(new PrintWriter(printed));
                    assertThat(printed.toString()).doesNotContain("secret-in");
                });
    }

    @Test
    void showsItsEnvelopeAndNotItsPayload() {
        String shown = RECORD.toString();
        assertThat(shown).contains("codex-ci", "generation=41", "encryption=NONE");
        assertThat(shown).doesNotContain(Base64.getEncoder().encodeToString(RECORD.payload()), "{\"a\":1}");
    }

    @Test
    void cannotBeChangedThroughItsPayload() {
        byte[] given = "abc".getBytes(StandardCharsets.UTF_8);
        CredentialRecord record = Records.record(RECORD.envelope(), given);
        given[0] = 'x';
        record.payload()[1] = 'x';
        assertThat(record.payload()).asString(StandardCharsets.UTF_8).isEqualTo("abc");
    }

    @Test
    void aHolderIsOneShortLineWhateverWasGiven() {
        Instant since = Instant.EPOCH;
        assertThat(new Holder("  job\n::add-mask::x\u001b[31m\u0000 ", since).description())
                .isEqualTo("job ::add-mask::x [31m");
        assertThat(new Holder("x".repeat(500), since).description()).hasSize(200);
    }

    @Test
    void aClaimIsNotPrinted() {
        LeaseClaim claim = new LeaseClaim("0123456789abcdef0123456789abcdef");
        assertThat(claim.toString()).doesNotContain("0123456789abcdef");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new LeaseClaim("../0123456789abcdef0123456789abc"))
                .withMessageNotContaining("0123");
    }
}
