package io.github.codexauth.session;

import static io.github.codexauth.login.Safety.DISPLACED;
import static io.github.codexauth.login.Safety.LEFT_IN_HOME;
import static io.github.codexauth.login.Safety.PUT_ASIDE;
import static io.github.codexauth.login.Safety.RESCUED;
import static io.github.codexauth.login.Safety.STORED;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.codex.Diagnosis;
import io.github.codexauth.login.RescueArea;
import io.github.codexauth.login.Safety;
import io.github.codexauth.login.Seed;
import io.github.codexauth.login.Upkeep;
import io.github.codexauth.standin.Login;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Lease;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A login on loan is never lost by us: whatever the job, the disk or a person does to it meanwhile. */
class LoginOnLoanTest {
    @TempDir
    private Path folder;

    private LoginMachine machine;
    private byte[] seed;

    @BeforeEach
    void machineWithALogin() throws Exception {
        machine = new LoginMachine(folder);
        seed = machine.login.authJson();
        machine.operate((upkeep, lease) -> upkeep.seed(lease, Seed.parse(seed, "seed")));
    }

    @Nested
    class WhatTheJobLeavesInItsHome {
        @Test
        void isStoredIfCodexRefreshedIt() throws Exception {
            CodexSession session = machine.open();
            byte[] next = refreshIn(session);

            assertThat(session.finish().safety()).isEqualTo(STORED);
            assertThat(machine.storedAuthJson()).isEqualTo(next);
            assertThat(machine.copies()).isEmpty();
        }

        @Test
        void isPutAsideIfItIsAnotherAccounts() throws Exception {
            byte[] foreign = foreign();
            CodexSession session = machine.open();
            LoginMachine.write(session, foreign);

            assertThat(session.finish().safety()).isEqualTo(PUT_ASIDE);
            assertThat(machine.storedAuthJson()).isEqualTo(seed);
            assertThat(machine.copies()).containsExactly(foreign);
            assertThat(machine.homes()).isEmpty();
            assertThat(machine.log.lines).anyMatch(line -> line.startsWith("put aside: auth.json belongs to another"));
        }

        @Test
        void isPutAsideOnceHoweverOftenAJobBringsIt() throws Exception {
            byte[] foreign = foreign();
            for (int i = 0; i < 3; i++) {
                CodexSession session = machine.open();
                LoginMachine.write(session, foreign);
                assertThat(session.finish().safety()).isEqualTo(PUT_ASIDE);
            }

            assertThat(machine.copies()).containsExactly(foreign);
            assertThat(machine.storedAuthJson()).isEqualTo(seed);
        }

        /** As after a change of Codex that this version does not know. */
        @Test
        void isPutAsideIfOnlyItsRefreshTokenCanBeRead() throws Exception {
            byte[] unknown = new String(machine.refresh(), StandardCharsets.UTF_8)
                    .replace("last_refresh", "refreshed_at")
                    .getBytes(StandardCharsets.UTF_8);
            CodexSession session = machine.open();
            LoginMachine.write(session, unknown);

            assertThat(session.finish().safety()).isEqualTo(PUT_ASIDE);
            assertThat(machine.copies()).containsExactly(unknown);
        }

        @Test
        void isSavedAndPutAsideIfItIsBoth() throws Exception {
            byte[] foreign = foreign();
            CodexSession session = machine.open();
            byte[] next = machine.refresh();
            LoginMachine.write(session, foreign);
            Files.write(session.home().folder().resolve(".auth-x1y2z3"), next);

            assertThat(session.finish().safety()).isEqualTo(PUT_ASIDE);
            assertThat(machine.storedAuthJson()).isEqualTo(next);
            assertThat(machine.copies()).containsExactly(foreign);
        }

        @Test
        void staysThereIfItCannotBeCopied() throws Exception {
            CodexSession session = machine.open();
            LoginMachine.write(session, foreign());
            machine.blockRescue();

            assertThat(session.finish().safety()).isEqualTo(LEFT_IN_HOME);
            assertThat(session.home().authJson())
                    .hasBinaryContent(session.home().readAuthJson().orElseThrow());
            assertThat(machine.homes()).hasSize(1);
        }

        @Test
        void isNothingToKeepIfItIsTheSeedOrTheGenerationBefore() throws Exception {
            CodexSession first = machine.open();
            byte[] second = refreshIn(first);
            first.finish();
            CodexSession next = machine.open();
            byte[] third = refreshIn(next);
            next.finish();

            for (byte[] old : new byte[][] {seed, second}) {
                CodexSession session = machine.open();
                LoginMachine.write(session, old);
                assertThat(session.finish().safety()).isEqualTo(STORED);
            }

            assertThat(machine.storedAuthJson()).isEqualTo(third);
            assertThat(machine.copies()).isEmpty();
        }

        @Test
        void isStillRefreshedIfAForgedFileOfTheFutureStoodThere() throws Exception {
            byte[] forged = Login.unknownToAnyServer(
                            "acme", "bot", machine.clock.instant().plus(Duration.ofDays(3650)), LoginMachine.LIFETIME)
                    .authJson();
            CodexSession session = machine.open();
            LoginMachine.write(session, forged);
            session.sync();
            byte[] next = refreshIn(session);

            assertThat(session.finish().safety()).isEqualTo(STORED);
            assertThat(machine.storedAuthJson()).isEqualTo(next);
        }

        /** The generation of an earlier version, which believed every time. */
        @Test
        void isStillRefreshedIfTheStoredLoginIsOfTheFuture() throws Exception {
            Login forged = Login.unknownToAnyServer(
                    "acme", "bot", machine.clock.instant().plus(Duration.ofDays(3650)), LoginMachine.LIFETIME);
            machine.operate((upkeep, lease) -> upkeep.replace(lease, Seed.parse(forged.authJson(), "seed")));
            CodexSession session = machine.open();
            byte[] next = refreshIn(session);

            assertThat(session.finish().safety()).isEqualTo(STORED);
            assertThat(machine.storedAuthJson()).isEqualTo(next);
        }
    }

    @Nested
    class TheGenerationBefore {
        @Test
        void isTheOneThatTheJobWasGivenHoweverOftenItWritesItsFile() throws Exception {
            CodexSession session = machine.open();
            for (int i = 0; i < 3; i++) {
                machine.clock.advance(Duration.ofSeconds(1));
                LoginMachine.write(session, forged());
                session.sync();
            }

            assertThat(session.finish().safety()).isEqualTo(STORED);
            assertThat(machine.previousAuthJson()).isEqualTo(seed);

            machine.open().finish();
            assertThat(machine.previousAuthJson())
                    .as("until a session refreshes")
                    .isEqualTo(seed);
        }

        @Test
        void isTheOneThatWasRefreshedForTheJob() throws Exception {
            machine.clock.advance(Duration.ofDays(9));
            CodexSession session = machine.open();
            byte[] refreshed = machine.refresh();
            session.refreshEarly(
                    (home, force) -> {
                        try {
                            LoginMachine.write(session, refreshed);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                        return new Diagnosis.NoComplaint();
                    },
                    Duration.ofDays(2));
            for (int i = 0; i < 3; i++) {
                machine.clock.advance(Duration.ofSeconds(1));
                LoginMachine.write(session, forged());
                session.sync();
            }
            session.finish();

            assertThat(machine.previousAuthJson()).isEqualTo(refreshed);
        }

        @Test
        void isTheSessionsBeforeOnceTheNextOneHasRefreshed() throws Exception {
            byte[] first = refreshInAJob();
            refreshInAJob();

            assertThat(machine.previousAuthJson()).isEqualTo(first);
        }
    }

    @Nested
    class AStoreThatIsEmptiedDuringTheJob {
        @Test
        void getsItsLoginBackThoughNothingWasRefreshed() throws Exception {
            CodexSession session = machine.open();
            machine.loseCurrent();

            SessionEnd end = session.finish();

            assertThat(end.safety()).isEqualTo(STORED);
            assertThat(end.refreshed()).isFalse();
            assertThat(machine.storedAuthJson()).isEqualTo(seed);
            assertThat(machine.log.lines).contains("refilled from this job");
        }

        @Test
        void getsTheRefreshedLogin() throws Exception {
            CodexSession session = machine.open();
            machine.loseCurrent();
            byte[] next = refreshIn(session);

            assertThat(session.finish().safety()).isEqualTo(STORED);
            assertThat(machine.storedAuthJson()).isEqualTo(next);
            assertThat(machine.copies()).isEmpty();
        }

        @Test
        void getsItFromTheHomeOfARestore() throws Exception {
            CodexSession session = machine.open();
            session.leave(Duration.ofHours(1));
            byte[] next = refreshIn(session);
            machine.loseCurrent();

            CodexSession resumed = CodexSession.resume(
                    machine.store(), LoginMachine.ID, session.home().folder(), machine.settings());

            assertThat(resumed.finish().safety()).isEqualTo(STORED);
            assertThat(machine.storedAuthJson()).isEqualTo(next);
        }

        @Test
        void takesNothingIfItsFolderHasGoneAndTheNextJobPutsItIn() throws Exception {
            CodexSession session = machine.open();
            byte[] next = refreshIn(session);
            Path gone = machine.file("").getParent();
            Files.move(gone, folder.resolve("gone"));

            assertThat(session.finish().safety()).isEqualTo(RESCUED);
            assertThat(machine.copies()).containsExactly(next);

            machine.open(seed).finish();
            assertThat(machine.storedAuthJson()).isEqualTo(next);
            assertThat(machine.copies()).isEmpty();
        }

        @Test
        void isLeftToTheRescueAreaIfItIsDamaged() throws Exception {
            CodexSession session = machine.open();
            machine.damageCurrent();

            assertThat(session.finish().safety()).isEqualTo(RESCUED);
            assertThat(machine.copies()).containsExactly(seed);
        }
    }

    /** One that knows only states of the login whose refresh tokens are used up. */
    @Nested
    class AStoreThatIsTakenBackToABackUpDuringTheJob {
        private CodexSession openAfterARefresh() throws Exception {
            CodexSession earlier = machine.open();
            refreshIn(earlier);
            earlier.finish();
            return machine.open();
        }

        private void takeBack() throws Exception {
            Files.copy(
                    machine.file("previous.json"), machine.file("current.json"), StandardCopyOption.REPLACE_EXISTING);
        }

        @Test
        void getsTheLoginAgainThoughNothingWasRefreshed() throws Exception {
            CodexSession session = openAfterARefresh();
            byte[] newest = Files.readAllBytes(session.home().folder().resolve("auth.json"));
            takeBack();

            assertThat(session.finish().safety()).isEqualTo(STORED);
            assertThat(machine.storedAuthJson()).isEqualTo(newest);
        }

        @Test
        void getsWhatWasRefreshed() throws Exception {
            CodexSession session = openAfterARefresh();
            takeBack();
            byte[] next = refreshIn(session);

            SessionEnd end = session.finish();

            assertThat(end.safety()).isEqualTo(STORED);
            assertThat(end.refreshed()).isTrue();
            assertThat(machine.storedAuthJson()).isEqualTo(next);
            assertThat(machine.copies()).isEmpty();
        }
    }

    @Nested
    class AStoreThatAPersonMadeAnew {
        @Test
        void keepsThePersonsLoginThoughItsGenerationIsTheSame() throws Exception {
            CodexSession session = machine.open();
            byte[] persons = replaceStoreByAPersons();
            byte[] next = refreshIn(session);

            assertThat(session.finish().safety()).isEqualTo(DISPLACED);
            assertThat(machine.storedAuthJson()).isEqualTo(persons);
            assertThat(machine.copies()).containsExactly(next);

            machine.open().finish();
            assertThat(machine.storedAuthJson())
                    .as("a person decides, no later job")
                    .isEqualTo(persons);
            assertThat(machine.copies()).containsExactly(next);
        }

        @Test
        void isNoSuccessorOfWhatAKilledJobHad() throws Exception {
            Lease lease = machine.lease();
            CodexSession session = machine.open(lease);
            byte[] next = refreshIn(session);
            LoginMachine.kill(lease);
            byte[] persons = replaceStoreByAPersons();

            machine.open().finish();

            assertThat(machine.storedAuthJson()).isEqualTo(persons);
            assertThat(machine.copies()).containsExactly(next);
        }
    }

    /** In another process, and another folder of the same name, whose lock nobody has. */
    private byte[] replaceStoreByAPersons() throws Exception {
        LoginMachine person = new LoginMachine(folder.resolve("person"));
        byte[] login = Login.unknownToAnyServer("acme", "bot", machine.clock.instant(), LoginMachine.LIFETIME)
                .authJson();
        person.operate((upkeep, lease) -> upkeep.seed(lease, Seed.parse(login, "seed")));
        Files.move(machine.file("").getParent(), folder.resolve("gone"));
        Files.move(person.file("").getParent(), machine.file("").getParent());
        return login;
    }

    /** What the store does when the job has refreshed its login. */
    private enum Store {
        TAKES_IT,
        WAS_EMPTIED,
        HAS_ANOTHER_LOGIN,
        GAVE_THE_LEASE_AWAY,
        IS_DAMAGED,
        DOES_NOT_ANSWER
    }

    /** By that and by whether a rescue copy can be made, where the login is in the end. */
    @ParameterizedTest
    @CsvSource({
        "TAKES_IT, true, STORED",
        "TAKES_IT, false, STORED",
        "WAS_EMPTIED, true, STORED",
        "WAS_EMPTIED, false, STORED",
        "HAS_ANOTHER_LOGIN, true, DISPLACED",
        "HAS_ANOTHER_LOGIN, false, LEFT_IN_HOME",
        "GAVE_THE_LEASE_AWAY, true, RESCUED",
        "GAVE_THE_LEASE_AWAY, false, LEFT_IN_HOME",
        "IS_DAMAGED, true, RESCUED",
        "IS_DAMAGED, false, LEFT_IN_HOME",
        "DOES_NOT_ANSWER, true, RESCUED",
        "DOES_NOT_ANSWER, false, LEFT_IN_HOME"
    })
    void aRefreshedLoginIsAlwaysSomewhere(Store store, boolean rescue, Safety expected) throws Exception {
        Lease lease = machine.lease();
        CodexSession session = machine.open(lease);
        byte[] next = refreshIn(session);
        fails(store, lease);
        if (!rescue) {
            machine.blockRescue();
        }

        SessionEnd end = session.finish();

        assertThat(end.safety()).isEqualTo(expected);
        assertThat(Files.exists(session.home().authJson())).isEqualTo(expected == LEFT_IN_HOME);
        switch (expected) {
            case STORED -> assertThat(machine.storedAuthJson()).isEqualTo(next);
            case LEFT_IN_HOME -> assertThat(session.home().authJson()).hasBinaryContent(next);
            default -> assertThat(machine.copies()).containsExactly(next);
        }
    }

    private void fails(Store store, Lease lease) throws Exception {
        switch (store) {
            case TAKES_IT -> {}
            case WAS_EMPTIED -> machine.loseCurrent();
            case HAS_ANOTHER_LOGIN -> replaceStoreByAPersons();
            case GAVE_THE_LEASE_AWAY -> LoginMachine.kill(lease);
            case IS_DAMAGED -> machine.damageCurrent();
            case DOES_NOT_ANSWER -> Files.move(machine.file("").getParent(), folder.resolve("gone"));
        }
    }

    @Test
    void aLostLeaseEndsInACopyThatTheNextJobTakesUp() throws Exception {
        Lease lease = machine.lease();
        CodexSession session = machine.open(lease);
        byte[] next = refreshIn(session);
        LoginMachine.kill(lease);

        assertThat(session.finish().safety()).isEqualTo(RESCUED);
        assertThat(machine.storedAuthJson()).isEqualTo(seed);

        machine.open().finish();
        assertThat(machine.storedAuthJson()).isEqualTo(next);
        assertThat(machine.copies()).isEmpty();
    }

    @Nested
    class AnEmptyStore {
        @Test
        void startsFromTheGenerationBeforeAndNotFromAnOldSeed() throws Exception {
            byte[] second = refreshInAJob();
            refreshInAJob();
            machine.loseCurrent();

            machine.open(seed).finish();

            assertThat(machine.storedAuthJson()).isEqualTo(second);
            assertThat(machine.log.lines)
                    .contains("refilled from the generation before")
                    .anyMatch(line -> line.startsWith("ignored: "));
        }

        @Test
        void startsFromARescueCopyAndNotFromAnOldSeed() throws Exception {
            CodexSession session = machine.open();
            byte[] next = refreshIn(session);
            Files.move(machine.file("").getParent(), folder.resolve("gone"));
            assertThat(session.finish().safety()).isEqualTo(RESCUED);

            machine.open(seed).finish();

            assertThat(machine.storedAuthJson()).isEqualTo(next);
            assertThat(machine.copies()).isEmpty();
            assertThat(machine.stored().orElseThrow().envelope().generation())
                    .as("numbers go on")
                    .isGreaterThan(1);
        }

        @Test
        void startsFromAKilledJobsHomeAndNotFromAnOldSeed() throws Exception {
            Lease lease = machine.lease();
            CodexSession session = machine.open(lease);
            byte[] next = refreshIn(session);
            LoginMachine.kill(lease);
            machine.loseCurrent();
            machine.losePrevious();

            machine.open(seed).finish();

            assertThat(machine.storedAuthJson()).isEqualTo(next);
            assertThat(machine.homes()).isEmpty();
        }

        @Test
        void startsFromWhatIsLeftWithoutAnySeed() throws Exception {
            byte[] second = refreshInAJob();
            refreshInAJob();
            machine.loseCurrent();

            machine.open().finish();

            assertThat(machine.storedAuthJson()).isEqualTo(second);
        }

        @Test
        void startsFromASeedThatIsANewLogin() throws Exception {
            refreshInAJob();
            machine.loseCurrent();
            machine.clock.advance(Duration.ofMinutes(1));
            byte[] fresh = Login.unknownToAnyServer("acme", "bot", machine.clock.instant(), LoginMachine.LIFETIME)
                    .authJson();

            machine.open(fresh).finish();

            assertThat(machine.storedAuthJson()).isEqualTo(fresh);
        }

        @Test
        void startsFromASeedOfAnotherAccount() throws Exception {
            refreshInAJob();
            machine.loseCurrent();
            byte[] foreign = foreign();

            machine.open(foreign).finish();

            assertThat(machine.storedAuthJson()).isEqualTo(foreign);
        }

        @Test
        void isGivenTheGenerationBeforeByAnOperator() throws Exception {
            byte[] second = refreshInAJob();
            refreshInAJob();
            machine.loseCurrent();

            assertThat(machine.<Optional<Envelope>>operate(Upkeep::goBack)).isPresent();

            assertThat(machine.storedAuthJson()).isEqualTo(second);
        }
    }

    @Nested
    class ADamagedRecord {
        @Test
        void givesWayToARescueCopyThatFollowsTheGenerationBefore() throws Exception {
            CodexSession session = machine.open();
            byte[] next = refreshIn(session);
            machine.damageCurrent();
            assertThat(session.finish().safety()).isEqualTo(RESCUED);

            RescueArea.Copy copy = machine.rescue.copies(LoginMachine.ID).get(0);
            Optional<Envelope> adopted = machine.operate((upkeep, lease) -> upkeep.adopt(lease, copy, false));
            assertThat(adopted).isPresent();

            assertThat(machine.storedAuthJson()).isEqualTo(next);
            assertThat(machine.copies()).isEmpty();
        }

        @Test
        void staysWhereItIsIfTheCopyFitsNowhere() throws Exception {
            CodexSession first = machine.open();
            refreshIn(first);
            first.finish();
            CodexSession second = machine.open();
            LoginMachine.write(second, foreign());
            second.finish();
            machine.damageCurrent();

            RescueArea.Copy copy = machine.rescue.copies(LoginMachine.ID).get(0);
            Optional<Envelope> adopted = machine.operate((upkeep, lease) -> upkeep.adopt(lease, copy, false));
            assertThat(adopted).isEmpty();

            assertThat(machine.file("current.json")).hasContent("{");
        }
    }

    /** Plays the job's Codex: it refreshes the login, and answers what it has written. */
    private byte[] refreshIn(CodexSession session) throws Exception {
        byte[] next = machine.refresh();
        LoginMachine.write(session, next);
        return next;
    }

    private byte[] refreshInAJob() throws Exception {
        CodexSession session = machine.open();
        byte[] next = refreshIn(session);
        session.finish();
        return next;
    }

    private byte[] foreign() {
        return Login.unknownToAnyServer("other", "bot", machine.clock.instant(), LoginMachine.LIFETIME)
                .authJson();
    }

    /** Of the same account, with tokens that no server gave out. */
    private byte[] forged() {
        Instant now = machine.clock.instant();
        return Login.unknownToAnyServer("acme", "bot", now, LoginMachine.LIFETIME)
                .authJson();
    }
}
