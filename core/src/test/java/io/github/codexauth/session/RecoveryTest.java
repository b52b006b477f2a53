package io.github.codexauth.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.codexauth.SecretText;
import io.github.codexauth.home.CodexHome;
import io.github.codexauth.login.Seed;
import io.github.codexauth.store.LeaseGoneException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is done about a home whose lease is not there to be taken up any more. What killed jobs leave:
 * {@link KilledJobsHomeTest}.
 */
class RecoveryTest {
    @TempDir
    private Path folder;

    private LoginMachine machine;

    @BeforeEach
    void machineWithALogin() throws Exception {
        machine = new LoginMachine(folder);
        byte[] seed = machine.login.authJson();
        machine.operate((upkeep, lease) -> upkeep.seed(lease, Seed.parse(seed, "seed")));
    }

    @Test
    void aHomeWhoseLeaseRanOutGoesToTheRescueArea() throws Exception {
        CodexSession left = leave();
        byte[] next = machine.refresh();
        LoginMachine.write(left, next);
        LoginMachine elsewhere = machine.withHomesOfItsOwn();
        machine.clock.advance(Duration.ofHours(2));
        elsewhere.open().finish();

        assertThatExceptionOfType(LeaseGoneException.class).isThrownBy(() -> resume(left));

        assertThat(machine.copies()).containsExactly(next);
        assertThat(machine.homes()).isEmpty();
        assertThat(machine.log.lines).contains("put aside: the lease that restore took is gone");
    }

    @Test
    void itStaysIfNoCopyCanBeMade() throws Exception {
        CodexSession left = leave();
        LoginMachine.write(left, machine.refresh());
        machine.clock.advance(Duration.ofHours(2));
        machine.withHomesOfItsOwn().open().finish();
        machine.blockRescue();

        assertThatExceptionOfType(LeaseGoneException.class).isThrownBy(() -> resume(left));

        assertThat(machine.homes()).hasSize(1);
    }

    /** Persist runs once: what it finds then is its own home, finished, or nothing to take up. */
    @Test
    void aHomeThatWasNeverLeftHasNoLeaseToTakeUp() throws Exception {
        CodexSession open = machine.open();

        assertThatExceptionOfType(LeaseGoneException.class)
                .isThrownBy(() -> resume(open))
                .satisfies(gone -> assertThat(gone.hint()).contains("codex-auth restore before codex-auth persist"));
    }

    /**
     * Before anything else is done with them, logs have to know the tokens; also of a form that this version does not
     * understand.
     */
    @Test
    void theSecretsOfAHomeAreThoseOfEveryFileInIt() throws Exception {
        byte[] whole = machine.login.authJson();
        byte[] unknown = new String(machine.refresh(), StandardCharsets.UTF_8)
                .replace("last_refresh", "refreshed_at")
                .getBytes(StandardCharsets.UTF_8);
        CodexHome home = CodexHome.create(folder.resolve("home"));
        home.restore(whole);
        Files.write(home.folder().resolve(".auth-a1B2c3"), unknown);

        assertThat(Recovery.secretsIn(home))
                .extracting(SecretText::reveal)
                .contains(
                        machine.login.states().get(0).refreshToken(),
                        machine.login.states().get(1).refreshToken());
    }

    private CodexSession leave() throws Exception {
        CodexSession session = machine.open();
        session.leave(Duration.ofHours(1));
        return session;
    }

    private void resume(CodexSession session) throws Exception {
        CodexSession.resume(machine.store(), LoginMachine.ID, session.home().folder(), machine.settings());
    }
}
