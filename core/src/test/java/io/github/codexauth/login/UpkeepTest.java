package io.github.codexauth.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.codexauth.CredentialId;
import io.github.codexauth.standin.Login;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.NeedsLogin;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.store.file.FileCredentialStore;
import io.github.codexauth.testing.TestClock;
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

/** What an operator does to a stored login outside any job. */
class UpkeepTest {
    private static final CredentialId ID = new CredentialId("ci");
    private static final Duration LIFETIME = Duration.ofDays(10);

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock(Instant.parse("2026-11-01T10:00:00Z"));
    private final Login login = Login.unknownToAnyServer("acme", "bot", clock.instant(), LIFETIME);
    private final byte[] first = login.authJson();
    private final EventLog log = new EventLog();

    private RescueArea rescue;
    private Upkeep upkeep;
    private Lease lease;

    @BeforeEach
    void takeTheLease() throws Exception {
        rescue = new RescueArea(folder.resolve("rescue"));
        upkeep = new Upkeep(AtRest.unencrypted(), rescue, "an operator", clock, log);
        lease = FileCredentialStore.createIn(folder.resolve("store"), clock)
                .acquire(ID, new Holder("an operator", clock.instant()), Duration.ZERO, busy -> {});
    }

    @AfterEach
    void giveItBack() {
        lease.close();
    }

    @Nested
    class ASeed {
        @Test
        void goesIntoAnEmptyStore() throws Exception {
            Envelope stored = upkeep.seed(lease, seed(first));

            assertThat(stored.generation()).isEqualTo(1);
            assertThat(stored.savedBy()).isEqualTo("an operator");
            assertThat(stored()).isEqualTo(first);
        }

        @Test
        void isIgnoredIfItIsNotNewer() throws Exception {
            byte[] second = refreshed();
            upkeep.seed(lease, seed(second));

            assertThat(upkeep.seed(lease, seed(first)).generation()).isEqualTo(1);

            assertThat(stored()).isEqualTo(second);
            assertThat(log.lines).anyMatch(line -> line.startsWith("ignored: the seed is not newer"));
        }

        @Test
        void isNotPutOverWhatCannotBeRead() throws Exception {
            upkeep.seed(lease, seed(first));
            damage();

            assertThatExceptionOfType(CorruptRecordException.class)
                    .isThrownBy(() -> upkeep.seed(lease, seed(refreshed())));
        }

        @Test
        void replacesWhateverIsStoredIfAnOperatorSaysSo() throws Exception {
            byte[] second = refreshed();
            upkeep.seed(lease, seed(second));
            byte[] foreign = Login.unknownToAnyServer("other", "bot", clock.instant(), LIFETIME)
                    .authJson();

            assertThat(upkeep.replace(lease, seed(first)).generation()).isEqualTo(2);
            assertThat(stored()).isEqualTo(first);
            assertThat(previous()).isEqualTo(second);

            assertThat(upkeep.replace(lease, seed(foreign)).generation()).isEqualTo(3);
            damage();
            upkeep.replace(lease, seed(second));
            assertThat(stored()).isEqualTo(second);
        }
    }

    @Test
    void thatALoginNeedsANewOneIsForgottenOnceAnOperatorSaysSo() throws Exception {
        upkeep.seed(lease, seed(first));
        NeedsLogin dead = new NeedsLogin(clock.instant(), NeedsLogin.Cause.REFUSED);
        lease.note(Revision.of(lease.load()), Health.needing(dead));

        upkeep.forgetThatItNeedsLogin(lease);

        assertThat(lease.load().orElseThrow().envelope().needsLogin()).isEmpty();
        assertThat(stored()).isEqualTo(first);
    }

    @Test
    void anEmptyStoreHasNothingToForget() throws Exception {
        upkeep.forgetThatItNeedsLogin(lease);

        assertThat(lease.load()).isEmpty();
    }

    @Nested
    class ARescueCopy {
        @Test
        void isStoredIfItIsTheNextState() throws Exception {
            upkeep.seed(lease, seed(first));
            byte[] second = refreshed();
            RescueArea.Copy copy = copyOf(second);

            assertThat(upkeep.adopt(lease, copy, false))
                    .map(Envelope::generation)
                    .contains(2L);

            assertThat(stored()).isEqualTo(second);
            assertThat(rescue.copies(ID)).isEmpty();
        }

        @Test
        void isLeftAloneIfItIsNotUnlessAnOperatorInsists() throws Exception {
            upkeep.seed(lease, seed(first));
            byte[] foreign = Login.unknownToAnyServer("other", "bot", clock.instant(), LIFETIME)
                    .authJson();
            RescueArea.Copy copy = copyOf(foreign);

            assertThat(upkeep.adopt(lease, copy, false)).isEmpty();
            assertThat(stored()).isEqualTo(first);
            assertThat(rescue.copies(ID)).hasSize(1);

            assertThat(upkeep.adopt(lease, copy, true)).isPresent();
            assertThat(stored()).isEqualTo(foreign);
            assertThat(rescue.copies(ID)).isEmpty();
        }

        @Test
        void isTheFirstGenerationOfAnEmptyStore() throws Exception {
            assertThat(upkeep.adopt(lease, copyOf(first), false))
                    .map(Envelope::generation)
                    .contains(1L);
            assertThat(stored()).isEqualTo(first);
        }
    }

    @Nested
    class GoingBack {
        @Test
        void isNothingWithoutAGenerationBefore() throws Exception {
            upkeep.seed(lease, seed(first));

            assertThat(upkeep.goBack(lease)).isEmpty();
            assertThat(stored()).isEqualTo(first);
        }

        @Test
        void makesTheGenerationBeforeANewOne() throws Exception {
            upkeep.seed(lease, seed(first));
            byte[] second = refreshed();
            upkeep.replace(lease, seed(second));

            assertThat(upkeep.goBack(lease)).map(Envelope::generation).contains(3L);

            assertThat(stored()).isEqualTo(first);
            assertThat(previous()).isEqualTo(second);
        }

        @Test
        void putsADamagedGenerationAsideInstead() throws Exception {
            upkeep.seed(lease, seed(first));
            upkeep.replace(lease, seed(refreshed()));
            damage();

            assertThat(upkeep.goBack(lease)).map(Envelope::generation).contains(1L);

            assertThat(stored()).isEqualTo(first);
        }
    }

    @Nested
    class ARescueCopyThatNobodyWants {
        @Test
        void isRemoved() throws Exception {
            upkeep.discard(copyOf(first));

            assertThat(rescue.copies(ID)).isEmpty();
        }

        @Test
        void isNotSaidToBeRemovedWhileItIsThere() throws Exception {
            RescueArea.Copy copy = copyOf(first);
            Path full = Files.createDirectories(folder.resolve("full/folder")).getParent();

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> upkeep.discard(new RescueArea.Copy(full, copy.record())))
                    .satisfies(e -> assertThat(e.problem()).startsWith("cannot remove " + full));
        }
    }

    private byte[] refreshed() {
        clock.advance(Duration.ofMinutes(1));
        login.rotate(clock.instant(), LIFETIME);
        return login.authJson();
    }

    private RescueArea.Copy copyOf(byte[] authJson) throws Exception {
        LoginSettings settings = new LoginSettings(rescue, AtRest.unencrypted(), "a job", List.of(), clock, log);
        new Salvage(ID, SessionId.random(), settings).everything(LoanStart.UNKNOWN, List.of(authJson), "a test");
        return rescue.copies(ID).get(0);
    }

    private byte[] stored() throws Exception {
        return lease.load().map(CredentialRecord::payload).orElseThrow();
    }

    private byte[] previous() throws Exception {
        return lease.loadPrevious().map(CredentialRecord::payload).orElseThrow();
    }

    private void damage() throws Exception {
        Files.writeString(folder.resolve("store/credentials/ci/current.json"), "{");
    }

    private static Seed seed(byte[] bytes) throws Exception {
        return Seed.parse(bytes, "seed");
    }
}
