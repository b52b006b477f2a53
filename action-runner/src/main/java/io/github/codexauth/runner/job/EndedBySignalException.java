package io.github.codexauth.runner.job;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.process.JobSignal;

/** A signal came while the command waited for a credential, or for a person; nothing is held. Exit code 128 + n. */
public final class EndedBySignalException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    private final JobSignal signal;

    public EndedBySignalException(JobSignal signal) {
        this(signal, "while waiting for the credential", "nothing was taken; start the job again");
    }

    private EndedBySignalException(JobSignal signal, String when, String hint) {
        super("ended by SIG" + signal + " " + when, hint);
        this.signal = signal;
    }

    /** The same while a person was waited for. */
    public static EndedBySignalException whileSigningIn(JobSignal signal) {
        return new EndedBySignalException(
                signal, "while waiting for the person to sign in", "nothing was stored; start it again");
    }

    /** What a shell reports for the signal. */
    public int exitCode() {
        return signal.exitCode();
    }
}
