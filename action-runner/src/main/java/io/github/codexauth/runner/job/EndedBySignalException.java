package io.github.codexauth.runner.job;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.process.JobSignal;

/** A signal came while the command waited for a credential; nothing is held. Exit code 128 + n. */
public final class EndedBySignalException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    private final JobSignal signal;

    public EndedBySignalException(JobSignal signal) {
        super("ended by SIG" + signal + " while waiting for the credential", "nothing was taken; start the job again");
        this.signal = signal;
    }

    /** What a shell reports for the signal. */
    public int exitCode() {
        return signal.exitCode();
    }
}
