package io.github.codexauth.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.codexauth.home.HomeException;
import io.github.codexauth.login.Seed;
import io.github.codexauth.standin.Login;
import io.github.codexauth.store.Lease;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed job left in its home goes into the store, or aside, and else the home stays. */
class KilledJobsHomeTest {
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

    @Test
    void aRefreshedLoginIsStored() throws Exception {
        byte[] next = machine.refresh();
        killJobThatLeft(next);

        machine.open().finish();

        assertThat(machine.storedAuthJson()).isEqualTo(next);
        assertThat(machine.homes()).isEmpty();
    }

    /** OpenAI's clocks differ, and the job's Codex wrote the file all the same. */
    @Test
    void aLoginRefreshedInTheJobIsStoredThoughItsTokenLooksOlder() throws Exception {
        Lease lease = machine.lease();
        CodexSession session = machine.open(lease);
        Instant lastRefresh = machine.clock.instant().plusSeconds(30);
        Instant issuedAt = machine.clock.instant().minusSeconds(120);
        machine.login.rotate(issuedAt, LoginMachine.LIFETIME);
        byte[] next = new String(machine.login.authJson(), StandardCharsets.UTF_8)
                .replace("\"last_refresh\" : \"" + issuedAt, "\"last_refresh\" : \"" + lastRefresh)
                .getBytes(StandardCharsets.UTF_8);
        LoginMachine.write(session, next);
        LoginMachine.kill(lease);

        machine.open().finish();

        assertThat(machine.storedAuthJson()).isEqualTo(next);
        assertThat(machine.copies()).isEmpty();
    }

    /** As where several machines share a store, and the others have gone on meanwhile. */
    @Test
    void aLoginThatItsJobDidNotChangeIsNothingToKeep() throws Exception {
        byte[] second = machine.refresh();
        machine.operate((upkeep, lease) -> upkeep.replace(lease, Seed.parse(second, "seed")));
        // What has its place in nobody's memory: neither a seed, nor the generation before.
        CodexSession refreshing = machine.open();
        byte[] third = machine.refresh();
        LoginMachine.write(refreshing, third);
        refreshing.finish();
        Lease killed = machine.lease();
        machine.open(killed);
        LoginMachine.kill(killed);
        LoginMachine elsewhere = machine.withHomesOfItsOwn();
        for (int i = 0; i < 2; i++) {
            CodexSession session = elsewhere.open();
            LoginMachine.write(session, machine.refresh());
            session.finish();
        }
        byte[] newest = machine.storedAuthJson();

        machine.open().finish();

        assertThat(machine.storedAuthJson()).isEqualTo(newest);
        assertThat(machine.copies()).isEmpty();
        assertThat(machine.homes()).isEmpty();
    }

    @Test
    void anotherAccountsLoginIsPutAside() throws Exception {
        byte[] foreign = foreign();
        killJobThatLeft(foreign);

        machine.open().finish();

        assertThat(machine.storedAuthJson()).isEqualTo(seed);
        assertThat(machine.copies()).containsExactly(foreign);
        assertThat(machine.homes()).isEmpty();
    }

    @Test
    void whatCannotBeCopiedStaysInItsHomeAndThatIsSaid() throws Exception {
        killJobThatLeft(foreign());
        machine.blockRescue();

        machine.open().finish();

        assertThat(machine.homes()).hasSize(1);
        Path home = machine.homes().get(0).resolve("home");
        assertThat(home.resolve("auth.json")).exists();
        assertThat(machine.log.lines)
                .contains("not saved: an earlier job's login stays in " + home + " until a copy of it can be made");
    }

    /** The seed would be used a second time, and end the login that only the home has. */
    @Test
    void withAnEmptyStoreWhatCannotBeCopiedStopsTheJob() throws Exception {
        byte[] next = machine.refresh();
        killJobThatLeft(next);
        machine.loseCurrent();
        machine.blockRescue();

        assertThatExceptionOfType(HomeException.class)
                .isThrownBy(() -> machine.open(seed))
                .satisfies(refused -> assertThat(refused.problem()).contains("an earlier job left a login in "));

        assertThat(machine.homes()).hasSize(1);
        assertThat(machine.homes().get(0).resolve("home/auth.json")).hasBinaryContent(next);
        assertThat(machine.stored()).isEmpty();
    }

    /** None gives way to another: the store has none of them any more, and which one is needed is not known. */
    @Test
    void withAnEmptyStoreTheLoginsOfSeveralKilledJobsAreAllKept() throws Exception {
        byte[] second = machine.refresh();
        leaveAHomeWith(second);
        byte[] third = machine.refresh();
        leaveAHomeWith(third);
        machine.loseCurrent();
        machine.losePrevious();

        machine.open(seed).finish();

        assertThat(machine.storedAuthJson()).isEqualTo(third);
        assertThat(machine.copies()).containsExactly(second);
        assertThat(machine.homes()).isEmpty();
    }

    /** Where the next job does not look yet, so that it recovers nothing; then moved to where it does. */
    private void leaveAHomeWith(byte[] authJson) throws Exception {
        LoginMachine other = machine.withHomesOfItsOwn();
        Lease lease = machine.lease();
        LoginMachine.write(other.open(lease), authJson);
        LoginMachine.kill(lease);
        Path session = other.homes().get(0);
        Path homes = Files.createDirectories(folder.resolve("homes").resolve(LoginMachine.ID.value()));
        Files.move(session, homes.resolve(String.valueOf(session.getFileName())));
    }

    private void killJobThatLeft(byte[] authJson) throws Exception {
        Lease lease = machine.lease();
        LoginMachine.write(machine.open(lease), authJson);
        LoginMachine.kill(lease);
    }

    private byte[] foreign() {
        return Login.unknownToAnyServer("other", "bot", machine.clock.instant(), LoginMachine.LIFETIME)
                .authJson();
    }
}
