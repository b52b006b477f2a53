package io.github.codexauth.runner.network;

import java.io.IOException;

/** What a pretended server does beside the test, until its socket is closed. */
public final class Background {
    private Background() {}

    /** Something with sockets. */
    public interface Work {
        void run() throws IOException;
    }

    /** Starts it, in a daemon thread. */
    public static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException closed) {
                        return;
                    }
                },
                "pretended server");
        thread.setDaemon(true);
        thread.start();
    }
}
