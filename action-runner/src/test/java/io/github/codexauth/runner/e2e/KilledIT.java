package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.standin.StandIn.Event.Rotated;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs killed with SIGKILL at random instants. No login is lost, except where the kill fell between the server's
 * rotation and the moment at which Codex has the new tokens in a file, when nobody on earth has them; the test proves
 * each such case.
 */
class KilledIT {
    /** At each level. */
    private static final int RUNS = Integer.getInteger("codexauth.kills", 20);

    /** Longer than a whole run of a Codex that has to refresh, on a machine with nothing else to do. */
    private static final long LATEST_KILL_NANOS =
            TimeUnit.MILLISECONDS.toNanos(Integer.getInteger("codexauth.latest-kill-millis", 1800));

    /** So short that each run refreshes before its job, and long enough for Codex not to do it again by itself. */
    private static final Duration LIFETIME = Duration.ofMinutes(8);

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "--give {0}")
    @ValueSource(strings = {"all", "access"})
    void runsKilledAtRandomInstantsLoseNoLoginThatWasEverInAFile(String give) {
        long seed = Long.getLong("codexauth.seed", System.nanoTime());
        Random random = new Random(seed);
        int lostByTheKill = 0;
        try (StandIn standIn = StandIn.start()) {
            standIn.accessTokensLast(LIFETIME);
            Cli cli = Cli.in(folder, standIn).giving(give);
            Login login = standIn.newLogin(LIFETIME);
            cli.seed(login);
            for (int i = 0; i < RUNS; i++) {
                String round = "round " + i + ", -Dcodexauth.seed=" + seed;
                if (random.nextBoolean()) {
                    standIn.endAccessTokens();
                }
                Running running = cli.start(Cli.job(Cli.codexExec()));
                LockSupport.parkNanos((long) (random.nextDouble() * LATEST_KILL_NANOS));
                boolean powerFailure = random.nextBoolean();
                running.kill();
                Instant killedAt = Instant.now();
                Optional<DeadMachine> machine =
                        powerFailure ? Optional.of(DeadMachine.powerOff(folder)) : Optional.empty();
                running.result();

                if (machine.isPresent() && !isInAFile(login, cli, machine.get())) {
                    Rotated last = standIn.events(Rotated.class).stream()
                            .reduce((first, second) -> second)
                            .orElseThrow();
                    assertThat(last.to().refreshToken())
                            .as(round)
                            .isEqualTo(login.current().refreshToken());
                    assertThat(Duration.between(last.at(), killedAt)).as(round).isLessThan(Duration.ofSeconds(2));
                    lostByTheKill++;
                    login = standIn.newLogin(LIFETIME);
                    Path again = cli.write("again.json", login.authJson());
                    assertThat(cli.run("seed", "--replace", "--id", "ci", "--seed-file", again.toString())
                                    .exitCode())
                            .as(round)
                            .isZero();
                    continue;
                }
                Result next = cli.runJob("true");
                assertThat(next.exitCode()).as(round + ": " + next).isZero();
                assertThat(login.isDead()).as(round).isFalse();
                assertThat(Stored.refreshToken(cli))
                        .as(round)
                        .isEqualTo(login.current().refreshToken());
            }
            assertThat(standIn.events(Reused.class)).isEmpty();
            assertThat(folder.resolve("state/codex-auth/homes/ci")).isEmptyDirectory();
        }
        System.out.println(RUNS + " runs with --give " + give + " killed, " + lostByTheKill
                + " of them between rotation and file");
    }

    private static boolean isInAFile(Login login, Cli cli, DeadMachine machine) {
        String newest = login.current().refreshToken();
        if (Stored.refreshToken(cli).equals(newest)) {
            return true;
        }
        return machine.has(newest, cli.storeFolder().resolve("homes"));
    }
}
