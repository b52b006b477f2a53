package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.standin.StandIn.Event.Rotated;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runners that share a store on a server and nothing else, with the real Codex. The same for every such store. */
abstract class ServerStoreIT extends OnOneMachine {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** At each level. */
    private static final int KILLS = Integer.getInteger("codexauth.store-kills", 2);

    /** Longer than a whole run of a Codex that has to refresh, on a machine with nothing else to do. */
    private static final Duration LATEST_KILL =
            Duration.ofMillis(Integer.getInteger("codexauth.latest-kill-millis", 2500));

    /** Null where the store could not be had, and the test is skipped. */
    private @Nullable Login login;

    /** Makes the store, and answers the machine whose jobs use it. */
    abstract Cli withStore(Cli machine) throws Exception;

    /** The record of the credential {@code ci}, as the server has it. */
    abstract JsonNode storedRecord() throws Exception;

    /** Lets leases believe that more time has passed than they last without their holders. */
    abstract void letLeasesEnd() throws Exception;

    /** A machine that {@link #goAway} keeps from the server. */
    Cli whoWillBeCutOff(Cli machine) throws Exception {
        return machine;
    }

    abstract void goAway() throws Exception;

    abstract void comeBack() throws Exception;

    /** Ends the server at once, and starts it again on what it had. */
    void killServer() throws Exception {
        goAway();
        comeBack();
    }

    /** Keeps what the server has. @return ends the server at once, and starts it on that */
    abstract Runnable backUp() throws Exception;

    /** What a job is told while the server is away. */
    abstract String[] whatIsSaidThen();

    /** Stops what this test has started. */
    void stopServer() throws Exception {}

    @BeforeEach
    void storeWithALogin() throws Exception {
        cli = withStore(cli);
        standIn.accessTokensLast(Duration.ofMinutes(30));
        login = standIn.newLogin(Duration.ofMinutes(30));
        cli.seed(login);
    }

    @AfterEach
    void noTokenWasUsedTwiceAndTheNewestIsStored() throws Exception {
        try {
            assertThat(standIn.events(Reused.class)).isEmpty();
            if (login != null) {
                assertThat(storedRefreshToken()).isEqualTo(login.current().refreshToken());
            }
        } finally {
            stopServer();
        }
    }

    private String storedRefreshToken() throws Exception {
        return new JsonMapper()
                .readTree(storedRecord().path("authJson").binaryValue())
                .path("tokens")
                .path("refresh_token")
                .asText();
    }

    /**
     * Each with homes of its own, as on machines that share no disk. Its jobs have the whole login, of which a store
     * could lose more.
     */
    final Cli machine(int number) {
        return cli.giving("all")
                .with(
                        "CODEX_AUTH_HOMES",
                        folder.resolve("state/homes-" + number).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "access", "nothing"})
    void jobsTakeTurnsOnOneLoginAndWhatIsRefreshedForEachIsSaved(String give) {
        String[] job = Stream.concat(Stream.of("run", "--id", "ci", "--wait", "5m", "--"), Stream.of(Cli.codexExec()))
                .toArray(String[]::new);
        // So short that each job begins with a refresh, at every level.
        standIn.accessTokensLast(Duration.ofMinutes(8));
        standIn.endAccessTokens();
        List<Running> jobs =
                Stream.of(1, 2, 3).map(i -> machine(i).giving(give).start(job)).toList();

        assertThat(jobs.stream().map(Running::result))
                .allSatisfy(result ->
                        assertThat(result.exitCode()).as(result.toString()).isZero());
        assertThat(standIn.rotations()).isEqualTo(3);
    }

    @Test
    void whoeverWaitsGetsTheLoginOfAKilledHolderOnceItsLeaseHasEnded() throws Exception {
        Running holder = machine(1).start(Cli.job("sh", "-c", "echo has-it; sleep 300"));
        holder.awaitOutput("has-it");
        Running next = machine(2).start("run", "--id", "ci", "--wait", "5m", "--", "echo", "my turn");
        next.awaitOutput("waiting: ");

        holder.killEverything();
        letLeasesEnd();

        assertThat(next.result().out()).contains("my turn");
    }

    /** The one case in which a lease alone would lose the login: its holder sleeps while its Codex refreshes. */
    @Test
    void aHelperThatIsStoppedForLongerThanItsLeaseSavesWhatItsCodexRefreshedMeanwhile() throws Exception {
        String refreshes = String.join(" ", Cli.codexExec("--color=never")).replace("say done", "'say done'");
        Running holder = machine(1)
                .start(
                        "run",
                        "--id",
                        "ci",
                        "--timeout",
                        "1m",
                        "--",
                        "sh",
                        "-c",
                        "echo has-it; read go < " + cli.makeFifo() + "; " + refreshes + "; echo refreshed; sleep 2");
        holder.awaitOutput("has-it");
        standIn.endAccessTokens();
        int before = standIn.rotations();
        signal("STOP", holder);
        cli.openFifo();
        await().atMost(PATIENCE).until(() -> standIn.rotations() > before);
        letLeasesEnd();
        Result next = machine(2).run("run", "--id", "ci", "--timeout", "1m", "--", "echo", "my turn");

        signal("CONT", holder);

        Result result = holder.result();
        assertThat(next.out()).contains("my turn");
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err()).contains("after its lease had ended");
    }

    /** A runner hangs, and nobody wants to wait for it; what it brings late is not lost with it. */
    @Test
    void aStoppedHolderWhoseLeaseWasBrokenOverwritesNothingAndItsLateLoginLiesInTheStore() throws Exception {
        Path file = cli.folder().resolve("late.json");
        Running holder = machine(1)
                .start(Cli.job(
                        "sh",
                        "-c",
                        "echo has-it; read go < " + cli.makeFifo() + "; cp " + file + " $CODEX_HOME/auth.json"));
        holder.awaitOutput("has-it");
        Login late = Login.unknownToAnyServer(login, Instant.now());
        cli.write("late.json", late.authJson());
        signal("STOP", holder);
        Cli operator = machine(3)
                .with("XDG_STATE_HOME", folder.resolve("another-machine").toString());
        String status = operator.run("status").out();
        String epoch = status.replaceAll("(?s).*, epoch (\\d+).*", "$1");
        Result broken = operator.run("unlock", "--id", "ci", "--epoch", epoch);
        standIn.endAccessTokens();
        Result next = machine(2).runCodex();
        Result again = operator.run("unlock", "--id", "ci", "--epoch", epoch);

        signal("CONT", holder);
        cli.openFifo();

        Result result = holder.result();
        assertThat(broken.exitCode()).as(status + broken).isZero();
        assertThat(again.err()).as(again.toString()).contains("nobody has 'ci'");
        assertThat(next.err()).as(next.toString()).contains("stored as generation 3");
        assertThat(result.err())
                .as(result.toString())
                .contains("somebody stored another login meanwhile, so the login was put aside in the store");
        assertThat(operator.run("status").out()).contains("  aside      1 in the store");
        assertThat(operator.run("doctor").out()).contains("1 login lies beside 'ci' in the store");
        Result list = operator.run("rescue", "--list", "--id", "ci");
        assertThat(list.out())
                .contains(", in the store: put aside, account ", "; somebody stored another login meanwhile")
                .doesNotContain(late.current().refreshToken());
        String name = list.out().substring(0, list.out().indexOf(','));
        assertThat(operator.run("rescue", "--id", "ci").exitCode()).isEqualTo(64);

        Result taken = operator.run("rescue", "--force", "--copy", name, "--id", "ci");

        assertThat(taken.exitCode()).as(taken.toString()).isZero();
        login = late;
        assertThat(operator.run("status").out()).contains("generation 4").doesNotContain("aside");
    }

    @Test
    void aServerThatIsAwayFromTheRefreshToTheEndCostsTheJobItsSaveAndNoLogin() throws Exception {
        String refreshes = String.join(" ", Cli.codexExec()).replace("say done", "'say done'");
        Running holder = whoWillBeCutOff(machine(1))
                .start(
                        "run",
                        "--id",
                        "ci",
                        "--timeout",
                        "1m",
                        "--",
                        "sh",
                        "-c",
                        "echo has-it; read go < " + cli.makeFifo() + "; " + refreshes);
        holder.awaitOutput("has-it");
        standIn.endAccessTokens();
        goAway();
        cli.openFifo();

        Result lost = holder.result();
        comeBack();
        letLeasesEnd();
        Result next = machine(1).runJob("true");

        assertThat(lost.exitCode()).as(lost.toString()).isEqualTo(74);
        assertThat(lost.err()).contains(whatIsSaidThen()).contains("put aside in");
        assertThat(next.exitCode()).as(next.toString()).isZero();
    }

    /** What the job then saves belongs on top of it, since the two have the login's history in common. */
    @ParameterizedTest(name = "--give {0}")
    @ValueSource(strings = {"all", "access"})
    void aServerThatComesBackWithItsBackUpGetsTheLoginOfTheJobThatHasIt(String give) throws Exception {
        Runnable restore = backUp();
        standIn.endAccessTokens();
        String refreshes = String.join(" ", Cli.codexExec()).replace("say done", "'say done'");
        Running holder = machine(1)
                .giving(give)
                .start(Cli.job("sh", "-c", refreshes + "; echo has-refreshed; read go < " + cli.makeFifo()));
        holder.awaitOutput("has-refreshed");
        assertThat(standIn.rotations()).isEqualTo(1);

        restore.run();
        cli.openFifo();
        Result result = holder.result();
        standIn.endAccessTokens();
        Result next = machine(2).giving(give).start(Cli.job(Cli.codexExec())).result();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(next.exitCode()).as(next.toString()).isZero();
        assertThat(standIn.rotations()).isEqualTo(2);
    }

    @Test
    void theHalvesOfRunLeaveTheLeaseAtTheServerBetweenThem() {
        String home = TwoHalvesIT.home(cli.run("restore", "--id", "ci", "--timeout", "1m"));
        standIn.endAccessTokens();
        String refreshes = String.join(" ", Cli.codexExec()).replace("say done", "'say done'");
        cli.with("CODEX_HOME", home).shell(refreshes);

        Result busy = cli.runJob("true");
        Result persisted = cli.with("CODEX_HOME", home).run("persist", "--json");

        assertThat(busy.exitCode()).as(busy.toString()).isEqualTo(75);
        assertThat(busy.err()).contains("at the latest until ", "codex-auth unlock --id ci");
        assertThat(persisted.exitCode()).as(persisted.toString()).isZero();
        assertThat(persisted.out()).contains("\"refreshed\" : true");
        assertThat(cli.runJob("true").exitCode()).isZero();
    }

    /** Nobody may come back to that runner, where the next job would have taken it up. */
    @Test
    void whatPersistBringsAfterItsLeaseWasBrokenLiesInTheStoreUntilAPersonTakesIt() {
        String home = TwoHalvesIT.home(cli.run("restore", "--id", "ci", "--timeout", "1m"));
        standIn.endAccessTokens();
        cli.with("CODEX_HOME", home).shell(String.join(" ", Cli.codexExec()).replace("say done", "'say done'"));
        Cli operator = machine(2)
                .with("XDG_STATE_HOME", folder.resolve("another-machine").toString());
        String epoch = operator.run("unlock", "--id", "ci").err().replaceAll("(?s).*--epoch (\\d+).*", "$1");
        assertThat(operator.run("unlock", "--id", "ci", "--epoch", epoch).exitCode())
                .isZero();

        Result late = cli.with("CODEX_HOME", home).run("persist");

        assertThat(late.exitCode()).as(late.toString()).isNotZero();
        assertThat(operator.run("rescue", "--list", "--id", "ci").out())
                .contains("the lease that restore took is gone");
        Result taken = operator.run("rescue", "--id", "ci");
        assertThat(taken.exitCode()).as(taken.toString()).isZero();
        assertThat(operator.run("status").out()).doesNotContain("  aside ");
        Result next = cli.runJob("true");
        assertThat(next.exitCode()).as(next.toString()).isZero();
        assertThat(cli.run("rescue", "--list", "--id", "ci").err()).contains("no rescue copy here");
    }

    @Test
    void whatLiesBesideALoginAndNobodyWantsIsRemovedByItsNameAlone() throws Exception {
        String home = TwoHalvesIT.home(cli.run("restore", "--id", "ci", "--timeout", "1m"));
        Cli operator = machine(2)
                .with("XDG_STATE_HOME", folder.resolve("another-machine").toString());
        String epoch = operator.run("status").out().replaceAll("(?s).*, epoch (\\d+).*", "$1");
        operator.run("unlock", "--id", "ci", "--epoch", epoch);
        standIn.endAccessTokens();
        operator.runCodex();
        Login late = Login.unknownToAnyServer(login, Instant.now());
        Files.write(Path.of(home).resolve("auth.json"), late.authJson());
        cli.with("CODEX_HOME", home).run("persist");
        String list = operator.run("rescue", "--list", "--id", "ci").out();
        String name = list.substring(0, list.indexOf(','));

        Result unnamed = operator.run("rescue", "--discard", "--id", "ci");
        Result unknown = operator.run("rescue", "--discard", "--copy", "x" + name, "--id", "ci");
        String kept = operator.run("rescue", "--list", "--id", "ci").out();
        Result removed = operator.run("rescue", "--discard", "--copy", name, "--id", "ci");

        assertThat(unnamed.exitCode()).as(unnamed.toString()).isEqualTo(64);
        assertThat(unknown.exitCode()).as(unknown.toString()).isNotZero();
        assertThat(kept).startsWith(name + ",");
        assertThat(removed.exitCode()).as(removed.toString()).isZero();
        assertThat(operator.run("rescue", "--list", "--id", "ci").err()).contains("no rescue copy here");
        assertThat(operator.run("status").out()).contains("generation 2").doesNotContain("  aside ");
    }

    /** What is killed. */
    private enum Victim {
        HELPER,
        MACHINE,
        SERVER
    }

    /**
     * As {@link KilledIT} does it to the store on a disk. A login is lost only where the kill fell between the server's
     * rotation and the moment at which Codex has the new tokens in a file, when nobody on earth has them; each such
     * case is proven.
     */
    @ParameterizedTest(name = "--give {0}")
    @ValueSource(strings = {"all", "access"})
    void killsAtRandomInstantsLoseNoLoginThatWasEverInAFile(String give) throws Exception {
        long seed = Long.getLong("codexauth.seed", System.nanoTime());
        Random random = new Random(seed);
        Map<Victim, Integer> killed = new EnumMap<>(Victim.class);
        int lostByTheKill = 0;
        standIn.accessTokensLast(Duration.ofMinutes(8));
        standIn.endAccessTokens();
        Cli machine = machine(1).giving(give);
        Path homes = folder.resolve("state/homes-1");
        int first = random.nextInt(Victim.values().length);
        for (int i = 0; i < KILLS; i++) {
            Victim victim = Victim.values()[(first + i) % Victim.values().length];
            String round = give + ", round " + i + ", " + victim + ", -Dcodexauth.seed=" + seed;
            if (random.nextBoolean()) {
                standIn.endAccessTokens();
            }
            Running running = machine.start(Cli.job(Cli.codexExec()));
            LockSupport.parkNanos((long) (random.nextDouble() * LATEST_KILL.toNanos()));
            if (victim == Victim.SERVER) {
                killServer();
            } else {
                running.kill();
            }
            Instant killedAt = Instant.now();
            Optional<DeadMachine> dead =
                    victim == Victim.MACHINE ? Optional.of(DeadMachine.powerOff(folder)) : Optional.empty();
            running.result();
            killed.merge(victim, 1, Integer::sum);

            String newest = login.current().refreshToken();
            if (dead.isPresent()
                    && !storedRefreshToken().equals(newest)
                    && !dead.get().has(newest, homes)) {
                Rotated last = standIn.events(Rotated.class).stream()
                        .reduce((one, next) -> next)
                        .orElseThrow();
                assertThat(last.to().refreshToken()).as(round).isEqualTo(newest);
                assertThat(Duration.between(last.at(), killedAt)).as(round).isLessThan(Duration.ofSeconds(2));
                lostByTheKill++;
                letLeasesEnd();
                login = standIn.newLogin(Duration.ofMinutes(8));
                Path again = machine.write("again.json", login.authJson());
                Result seeded = machine.run("seed", "--replace", "--id", "ci", "--seed-file", again.toString());
                assertThat(seeded.exitCode()).as(round + ": " + seeded).isZero();
                continue;
            }
            letLeasesEnd();
            Result next = machine.runJob("true");
            assertThat(next.exitCode()).as(round + ": " + next).isZero();
            assertThat(login.isDead()).as(round).isFalse();
            assertThat(storedRefreshToken()).as(round).isEqualTo(login.current().refreshToken());
        }
        System.out.println(getClass().getSimpleName() + " --give " + give + ", killed " + killed + ", " + lostByTheKill
                + " of them between rotation and file");
    }

    private static void signal(String name, Running running) throws Exception {
        new ProcessBuilder("kill", "-" + name, String.valueOf(running.handle().pid()))
                .start()
                .waitFor();
    }
}
