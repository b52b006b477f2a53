package io.github.codexauth.benchmark.fleet;

import java.time.Duration;

/** Something by which many jobs share a few logins through one database. */
interface Contender {
    String name();

    /** Makes its tables. */
    void prepare() throws Exception;

    /**
     * Takes any login that is free, waiting for as long as it takes.
     *
     * @param job whose turn it is to be, for contenders that know who waits
     */
    Turn take(int job) throws Exception;

    /** A login that is ours. */
    interface Turn {
        /** Which one. */
        int login();

        void giveBack();
    }

    /** How long those who cannot stand in a line sleep between two looks. */
    Duration BETWEEN_LOOKS = Duration.ofMillis(500);
}
