package io.github.codexauth.benchmark.fleet;

import io.github.codexauth.runner.storage.postgresql.RealPostgresql;

/** Looks how many connections the runners have, ten times a second. */
final class Connections {
    private static final long BETWEEN_LOOKS_MILLIS = 100;

    private final Thread watcher;
    private volatile int most;
    private volatile boolean over;

    Connections(RealPostgresql server) {
        watcher = new Thread(
                () -> {
                    while (!over) {
                        int now = Integer.parseInt(
                                server.ask("SELECT count(*) FROM pg_stat_activity WHERE usename = 'runner'"));
                        most = Math.max(most, now);
                        pause();
                    }
                },
                "connections");
        watcher.setDaemon(true);
        watcher.start();
    }

    /** The most that were seen. It looks no more afterwards. */
    int most() throws InterruptedException {
        over = true;
        watcher.join();
        return most;
    }

    private void pause() {
        try {
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
        } catch (InterruptedException ended) {
            over = true;
        }
    }
}
