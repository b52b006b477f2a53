package io.github.codexauth.benchmark.fleet;

import io.github.codexauth.stores.postgresql.RealPostgresql;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Many jobs, few logins, one PostgreSQL of the benchmark's own; then one job in each store, beside more and more logins. */
public final class Main {
    private static final int JOBS = 500;
    private static final int LOGINS = 50;
    private static final long HOLD_MILLIS = 15_000;

    /** Jobs come one after another, so that there is an order of which can be said whether it was kept. */
    private static final long BETWEEN_JOBS_MILLIS = 10;

    /** Times the least time in which it can be done. */
    private static final int GIVEN_UP_AFTER = 3;

    private Main() {}

    public static void main(String[] args) throws Exception {
        List<String> wanted = args.length == 0 ? List.of("queue", "stored", "hand-overs") : List.of(args);
        if (wanted.contains("queue")) {
            printQueues();
        }
        if (wanted.contains("stored")) {
            StoredLogins.print();
            System.out.println();
        }
        if (wanted.contains("hand-overs")) {
            HandOvers.print();
        }
    }

    private static void printQueues() throws Exception {
        System.out.printf(
                "## %d jobs that wait for %d logins in PostgreSQL, each for %d s%n%n", JOBS, LOGINS, HOLD_MILLIS / 1000);
        System.out.println(
                "| | all done, of the least time | a freed login idle, p50 | p95 | most that overtook a job | connections at most | transactions | errors |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (int contender = 0; contender < 3; contender++) {
            // A server of its own for each, so that none works beside the other's tables.
            try (RealPostgresql server = RealPostgresql.start()) {
                run(server, List.of(new CodexAuth(server, LOGINS), new ShedLock(server, LOGINS), new SpringIntegration(server, LOGINS))
                        .get(contender));
            }
        }
        System.out.println();
    }

    private static void run(RealPostgresql server, Contender contender) throws Exception {
        contender.prepare();
        long transactionsBefore = transactions(server);
        Figures figures = new Figures(LOGINS);
        AtomicInteger waiting = new AtomicInteger(JOBS);
        CountDownLatch done = new CountDownLatch(JOBS);
        Connections connections = new Connections(server);
        long began = System.nanoTime();
        for (int i = 0; i < JOBS; i++) {
            int job = i;
            Thread thread = new Thread(() -> work(contender, job, figures, waiting, done), "job " + job);
            thread.setDaemon(true);
            thread.start();
            Thread.sleep(BETWEEN_JOBS_MILLIS);
        }
        double least = JOBS * HOLD_MILLIS / 1000.0 / LOGINS;
        boolean isDone = done.await((long) (least * GIVEN_UP_AFTER), TimeUnit.SECONDS);
        double times = (System.nanoTime() - began) / 1e9 / least;
        int most = connections.most();
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.0f ms | %.0f ms | %d | %d | %d | %d |%n",
                contender.name(),
                isDone
                        ? String.format(Locale.ROOT, "%.2f", times)
                        : "given up after " + GIVEN_UP_AFTER + ", " + waiting.get() + " still waiting",
                figures.idleMillis(0.5),
                figures.idleMillis(0.95),
                figures.mostOvertaken(),
                most,
                transactions(server) - transactionsBefore,
                figures.errors());
    }

    private static void work(
            Contender contender, int job, Figures figures, AtomicInteger waiting, CountDownLatch done) {
        try {
            Contender.Turn turn = contender.take(job);
            figures.taken(job, turn.login(), waiting.getAndDecrement() > LOGINS);
            Thread.sleep(HOLD_MILLIS);
            figures.freed(turn.login());
            turn.giveBack();
        } catch (Exception failed) {
            figures.failed();
        } finally {
            done.countDown();
        }
    }

    private static long transactions(RealPostgresql server) {
        return Long.parseLong(server.ask("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = 'codex'"));
    }
}
