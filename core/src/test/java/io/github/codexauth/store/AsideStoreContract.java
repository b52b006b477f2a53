package io.github.codexauth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.codexauth.CredentialId;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What every {@link AsideStore} has to do besides what every store does. The test of such a store extends this class
 * and says how to reach the store.
 */
public abstract class AsideStoreContract extends DetachableStoreContract {
    /** The store as this process sees it. */
    protected final AsideStore beside() {
        return (AsideStore) here();
    }

    /** The same store as another process sees it. */
    protected final AsideStore besideElsewhere() {
        return (AsideStore) elsewhere();
    }

    /** One of several logins that no store takes. */
    protected static StrayRecord stray(int number) {
        return stray(CODEX_CI, number);
    }

    private static StrayRecord stray(CredentialId id, int number) {
        return new StrayRecord(
                "00000000000" + Integer.toHexString(number),
                "somebody stored another login meanwhile",
                Records.attempt(id, 7, number));
    }

    @Nested
    class PuttingALoginAside {
        @Test
        void keepsItForEveryoneToSeeWithWhoFoundItWhenAndWhyNoJobGotIt() throws Exception {
            store(CODEX_CI);

            beside().putAside(stray(1));

            assertThat(besideElsewhere().aside(CODEX_CI)).singleElement().satisfies(found -> {
                assertThat(found).isEqualTo(stray(1));
                assertThat(found.reason()).isEqualTo("somebody stored another login meanwhile");
                assertThat(found.record().envelope().savedBy()).isEqualTo("job deploy/main #7");
            });
        }

        @Test
        void neverMakesItTheStoredLoginOrTheOneBefore() throws Exception {
            CredentialRecord first = store(CODEX_CI);
            CredentialRecord second = store(CODEX_CI);

            beside().putAside(stray(1));

            assertThat(besideElsewhere().peek(CODEX_CI)).contains(second.envelope());
            assertThat(besideElsewhere().list()).containsExactly(CODEX_CI);
            try (Lease lease = acquire(elsewhere(), NIGHTLY)) {
                assertThat(lease.load()).contains(second);
                assertThat(lease.loadPrevious()).contains(first);
            }
        }

        /** Whoever has lost the lease is who has one to put aside. */
        @Test
        void needsNoLeaseAndDisturbsNoHolder() throws Exception {
            CredentialRecord first = store(CODEX_CI);
            try (Lease lease = acquire(here(), DEPLOY)) {
                assertThat(lease.load()).contains(first);

                besideElsewhere().putAside(stray(1));

                assertThat(lease.state().isHeld()).isTrue();
                assertThat(lease.save(Revision.of(first), Records.generation(CODEX_CI, 2)))
                        .isEqualTo(SaveResult.SAVED);
            }
            assertThat(beside().aside(CODEX_CI)).containsExactly(stray(1));
        }

        @Test
        void outlastsWhateverIsDoneToTheStoredLogin() throws Exception {
            store(CODEX_CI);
            beside().putAside(stray(1));
            CredentialRecord second = store(CODEX_CI);
            try (Lease lease = acquire(here(), DEPLOY)) {
                NeedsLogin dead = new NeedsLogin(NOW, NeedsLogin.Cause.REFRESH_TOKEN_REUSED);
                lease.note(Revision.of(second), Health.needing(dead));
            }
            damageCurrent(CODEX_CI);
            assertThat(beside().aside(CODEX_CI)).containsExactly(stray(1));
            try (Lease lease = acquire(here(), DEPLOY)) {
                assertThat(lease.setDamagedAside()).isTrue();
            }

            assertThat(besideElsewhere().aside(CODEX_CI)).containsExactly(stray(1));
        }

        @Test
        void keepsTheSameLoginOnce() throws Exception {
            store(CODEX_CI);
            beside().putAside(stray(1));

            besideElsewhere().putAside(stray(1));

            assertThat(beside().aside(CODEX_CI)).containsExactly(stray(1));
        }

        @Test
        void keepsThoseOfEachCredentialApart() throws Exception {
            CredentialId other = new CredentialId("other");
            store(CODEX_CI);
            store(other);

            beside().putAside(stray(other, 1));

            assertThat(beside().aside(CODEX_CI)).isEmpty();
            assertThat(beside().aside(other)).containsExactly(stray(other, 1));
        }

        /** A job that brings one login after another must not fill the store, nor push out what was there first. */
        @Test
        void refusesMoreThanAFewUntilOneIsRemoved() throws Exception {
            store(CODEX_CI);
            List<StrayRecord> all = IntStream.rangeClosed(1, AsideStore.MOST)
                    .mapToObj(AsideStoreContract::stray)
                    .toList();
            for (StrayRecord one : all) {
                beside().putAside(one);
            }

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> beside().putAside(stray(9)))
                    .satisfies(e -> {
                        assertThat(e.problem()).isEqualTo("6 logins lie beside 'codex-ci' already, and no more may");
                        assertThat(e.hint()).contains("codex-auth rescue --list --id codex-ci");
                    });
            assertThat(besideElsewhere().aside(CODEX_CI)).containsExactlyElementsOf(all);
            besideElsewhere().removeAside(all.get(0));
            beside().putAside(stray(9));
            assertThat(besideElsewhere().aside(CODEX_CI))
                    .hasSize(AsideStore.MOST)
                    .contains(stray(9));
        }

        @Test
        void refusesWhatIsLongerThanAnyLogin() throws Exception {
            store(CODEX_CI);
            StrayRecord tooLong = new StrayRecord(
                    "00000000000a",
                    "a test",
                    Records.record(Records.envelope(CODEX_CI, 2), new byte[AsideStore.LONGEST]));

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> beside().putAside(tooLong))
                    .satisfies(e -> assertThat(e.problem()).contains("it has 43 KiB"));
            assertThat(beside().aside(CODEX_CI)).isEmpty();
        }

        /** The longest logins that the store takes are not in the way of what lies beside them, nor the reverse. */
        @Test
        void leavesRoomForTheLongestLogins() throws Exception {
            byte[] longest = new byte[longestPayload()];
            try (Lease lease = acquire(here(), DEPLOY)) {
                lease.save(Revision.NONE, Records.record(Records.envelope(CODEX_CI, 1), longest));
                for (int number = 1; number <= AsideStore.MOST; number++) {
                    byte[] payload = new byte[23 * 1024];
                    payload[0] = (byte) number;
                    beside().putAside(new StrayRecord(
                            stray(number).refreshToken(),
                            "a".repeat(200),
                            Records.record(Records.envelope(CODEX_CI, 2), payload)));
                }

                CredentialRecord next = Records.record(Records.envelope(CODEX_CI, 2), longest);
                assertThat(lease.save(Revision.of(lease.load()), next)).isEqualTo(SaveResult.SAVED);

                assertThat(lease.load()).contains(next);
                assertThat(lease.loadPrevious()).isPresent();
            }
        }

        @Test
        void needsALoginThatItCouldLieBeside() throws Exception {
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> beside().putAside(stray(1)))
                    .satisfies(e -> assertThat(e.problem()).contains("there is no login of 'codex-ci'"));
            assertThat(beside().list()).isEmpty();
            acquire(here(), DEPLOY).close();
            assertThat(beside().aside(CODEX_CI)).isEmpty();
        }
    }

    @Nested
    class RemovingWhatLiesBesideALogin {
        @Test
        void leavesTheOthersAndTheLogin() throws Exception {
            CredentialRecord stored = store(CODEX_CI);
            beside().putAside(stray(1));
            beside().putAside(stray(2));

            besideElsewhere().removeAside(stray(1));

            assertThat(beside().aside(CODEX_CI)).containsExactly(stray(2));
            try (Lease lease = here().acquire(CODEX_CI, DEPLOY, Duration.ZERO, NOBODY_ASKED)) {
                assertThat(lease.load()).contains(stored);
            }
        }

        @Test
        void doesNothingTheSecondTime() throws Exception {
            store(CODEX_CI);
            beside().putAside(stray(1));
            beside().removeAside(stray(1));

            beside().removeAside(stray(1));

            assertThat(beside().aside(CODEX_CI)).isEmpty();
        }
    }
}
