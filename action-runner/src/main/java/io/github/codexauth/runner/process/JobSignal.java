package io.github.codexauth.runner.process;

/** The signals by which CI systems, terminals and containers ask a job to end. */
public enum JobSignal {
    HUP(1),
    INT(2),
    KILL(9),
    TERM(15);

    private final int number;

    JobSignal(int number) {
        this.number = number;
    }

    /** What a shell reports for a process that this signal ended: 128 and the signal's number. */
    public int exitCode() {
        return 128 + number;
    }
}
