package io.github.codexauth.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CredentialId;
import io.github.codexauth.standin.Login;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Encryption;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.LeaseGoneException;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.store.StrayRecord;
import io.github.codexauth.store.file.FileCredentialStore;
import io.github.codexauth.testing.TestClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One credential's records under its lease. */
class LoginRecordsTest {
    private static final CredentialId ID = new CredentialId("ci");
    private static final Duration LIFETIME = Duration.ofDays(10);
    private static final SessionId KILLED = new SessionId("0123456789abcdef");

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock(Instant.parse("2026-11-01T10:00:00Z"));
    private final Login login = Login.unknownToAnyServer("acme", "bot", clock.instant(), LIFETIME);
    private final byte[] first = login.authJson();
    private final EventLog log = new EventLog();

    private RescueArea rescue;
    private Lease lease;
    private LoginRecords records;

    @BeforeEach
    void takeTheLease() throws Exception {
        rescue = new RescueArea(folder.resolve("rescue"));
        lease = FileCredentialStore.createIn(folder.resolve("store"), clock)
                .acquire(ID, new Holder("a test", clock.instant()), Duration.ZERO, busy -> {});
        records = new LoginRecords(lease, SessionId.random(), settings());
    }

    @AfterEach
    void giveItBack() {
        lease.close();
    }

    @Test
    void anEmptyStoreHasNothingToOpen() throws Exception {
        assertThat(records.isEmpty()).isTrue();
        assertThat(records.load()).isEmpty();
        assertThat(records.loadPrevious()).isEmpty();
    }

    @Test
    void whatIsSavedIsOpenedAgain() throws Exception {
        OpenRecord saved = seed();

        assertThat(records.isEmpty()).isFalse();
        assertThat(records.load().orElseThrow().record()).isEqualTo(saved.record());
        assertThat(saved.auth().bytes()).isEqualTo(first);
    }

    @Test
    void aRecordWithoutALoginInItIsDamagedAndSaysWhatToType() throws Exception {
        Envelope envelope = Records.envelope(ID, 1);
        lease.save(Revision.NONE, new CredentialRecord(envelope, Encryption.NONE, bytes("no login")));

        assertThatExceptionOfType(CorruptRecordException.class)
                .isThrownBy(records::load)
                .satisfies(damaged -> {
                    assertThat(damaged.problem()).contains("the stored auth.json of 'ci'");
                    assertThat(damaged.hint()).contains("codex-auth seed --replace --id ci");
                });
        assertThat(records.openIfPossible(lease.load().orElseThrow())).isEmpty();
    }

    @Test
    void anotherLoginThatIsStoredByNowIsNotReplaced() throws Exception {
        OpenRecord stored = seed();

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> records.save(Revision.NONE, next()))
                .satisfies(displaced ->
                        assertThat(displaced.problem()).isEqualTo("somebody else stored a login for 'ci' just now"));
        assertThat(records.load().orElseThrow().record()).isEqualTo(stored.record());
    }

    @Test
    void withoutTheLeaseNothingIsSaved() throws Exception {
        OpenRecord stored = seed();
        OpenRecord next = next();
        lease.close();

        assertThatExceptionOfType(LeaseGoneException.class)
                .isThrownBy(() -> records.save(stored.revision(), next))
                .satisfies(lost -> assertThat(lost.problem())
                        .isEqualTo("the lease of credential 'ci' was lost, so another job may have it by now"));
    }

    @Nested
    class ARescueCopy {
        @Test
        void isTakenUpIfItIsTheNextState() throws Exception {
            OpenRecord stored = seed();
            OpenRecord copied = next();
            rescue.keep(copied.record());

            OpenRecord current = records.takeUpCopies(stored);

            assertThat(current.auth().bytes()).isEqualTo(copied.auth().bytes());
            assertThat(records.load().orElseThrow().record()).isEqualTo(current.record());
            assertThat(rescue.copies(ID)).isEmpty();
            assertThat(log.lines).containsExactly("recovered 2");
        }

        @Test
        void isRemovedIfItBringsNothingNew() throws Exception {
            OpenRecord stored = seed();
            rescue.keep(stored.record());

            assertThat(records.takeUpCopies(stored)).isEqualTo(stored);

            assertThat(rescue.copies(ID)).isEmpty();
        }

        @Test
        void staysIfSomebodyStoredAnotherInBetween() throws Exception {
            OpenRecord stored = seed();
            OpenRecord copied = next();
            rescue.keep(writer(KILLED).refreshed(stored, copied.auth()).record());
            OpenRecord others = records.save(stored.revision(), next());
            OpenRecord newest = records.save(others.revision(), records.writer().refreshed(others, rotated()));

            assertThat(records.takeUpCopies(newest)).isEqualTo(newest);

            assertThat(rescue.copies(ID)).hasSize(1);
        }

        @Test
        void staysIfOnlyAPersonMayTakeItUp() throws Exception {
            OpenRecord stored = seed();
            OpenRecord copied = next();
            rescue.keepAside(
                    new StrayRecord(copied.auth().refreshTokenFingerprint(), "a test", copied.record()),
                    new EventLog());

            assertThat(records.takeUpCopies(stored)).isEqualTo(stored);

            assertThat(rescue.copies(ID)).hasSize(1);
        }

        /** The stored login may be used up: to go on with it could end the newer one, too. */
        @Test
        void thatCannotBeOpenedStopsTheJobIfItIsTheNextState() throws Exception {
            OpenRecord stored = seed();
            Envelope following = next().envelope();
            rescue.keep(new CredentialRecord(following, Encryption.NONE, bytes("torn")));

            assertThatExceptionOfType(CorruptRecordException.class).isThrownBy(() -> records.takeUpCopies(stored));
            assertThat(rescue.copies(ID)).hasSize(1);
        }
    }

    @Nested
    class WhatAKilledSessionLeft {
        @Test
        void isStoredIfItIsTheNextState() throws Exception {
            OpenRecord stored = seed();
            byte[] refreshed = rotated().bytes();

            assertThat(records.recover(KILLED, startedFrom(stored), List.of(refreshed)))
                    .isTrue();

            assertThat(records.load().orElseThrow().auth().bytes()).isEqualTo(refreshed);
            assertThat(log.secrets).as("hidden before it is used").isNotEmpty();
        }

        @Test
        void isPutAsideIfAnotherLoginIsStoredByNow() throws Exception {
            LoanStart start = startedFrom(seed());
            byte[] refreshed = rotated().bytes();
            OpenRecord others = records.save(start.revision(), next());

            assertThat(records.recover(KILLED, start, List.of(refreshed))).isTrue();

            assertThat(records.load().orElseThrow().record()).isEqualTo(others.record());
            assertThat(rescue.copies(ID)).singleElement().satisfies(copy -> {
                assertThat(copy.isAside()).isTrue();
                assertThat(copy.record().payload()).isEqualTo(refreshed);
            });
        }

        @Test
        void staysWhereItIsIfItCanBePutNowhere() throws Exception {
            LoanStart start = startedFrom(seed());
            byte[] foreign = Login.unknownToAnyServer("other", "bot", clock.instant(), LIFETIME)
                    .authJson();
            Files.writeString(folder.resolve("rescue"), "a file in the place of the folder");

            assertThat(records.recover(KILLED, start, List.of(foreign))).isFalse();
        }

        @Test
        void isNothingIfItIsWhatTheSessionWasGiven() throws Exception {
            OpenRecord stored = seed();

            assertThat(records.recover(KILLED, startedFrom(stored), List.of(first)))
                    .isTrue();

            assertThat(records.load().orElseThrow().record()).isEqualTo(stored.record());
            assertThat(rescue.copies(ID)).isEmpty();
        }
    }

    private OpenRecord seed() throws Exception {
        return records.save(Revision.NONE, records.writer().first(Seed.parse(first, "seed")));
    }

    /** The record of what Codex writes next, after the one that is stored. */
    private OpenRecord next() throws Exception {
        return records.writer().refreshed(records.load().orElseThrow(), rotated());
    }

    private AuthJson rotated() throws Exception {
        clock.advance(Duration.ofMinutes(1));
        login.rotate(clock.instant(), LIFETIME);
        return AuthJson.parse(login.authJson(), "auth.json");
    }

    private RecordWriter writer(SessionId session) {
        return RecordWriter.of(ID, session, settings());
    }

    private LoanStart startedFrom(OpenRecord stored) {
        return new LoanStart(stored.revision(), clock.instant(), stored.auth().refreshTokenFingerprint());
    }

    private LoginSettings settings() {
        return new LoginSettings(rescue, AtRest.unencrypted(), "a test", List.of(), clock, log);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
