package io.github.codexauth.benchmark.fleet;

import io.github.codexauth.stores.postgresql.RealPostgresql;

/** Looks how many connections the runners have, ten times a second. */
final class Connections {
    private static final long BETWEEN_LOOKS_MILLIS = 100;

    private final Thread watcher;
    private volatile int most;
    private volatile boolean over;

    Connections(RealPostgresql server) {
        int all = Integer.parseInt(server.ask("SHOW max_connections"));
        watcher = new Thread(
                () -> {
                    while (!over) {
                        most = Math.max(most, now(server, all));
                        pause();
                    }
                },
                "connections");
        watcher.setDaemon(true);
        watcher.start();
    }

    /** As many as there can be, if none is left for us. */
    private static int now(RealPostgresql server, int all) {
        try {
            return Integer.parseInt(server.ask("SELECT count(*) FROM pg_stat_activity WHERE usename = 'runner'"));
        } catch (AssertionError noneLeft) {
            return all;
        }
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
