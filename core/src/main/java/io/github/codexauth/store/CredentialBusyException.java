package io.github.codexauth.store;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Somebody else has the credential. */
public final class CredentialBusyException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    public CredentialBusyException(CredentialId id, Occupancy occupancy) {
        super(
                describe(id, occupancy),
                "jobs sharing one auth.json must take turns; add --wait 15m, or give this job its own credential");
    }

    private CredentialBusyException(CredentialId id, Occupancy occupancy, String hint) {
        super(describe(id, occupancy), hint);
    }

    /** A job of several steps has it, and nobody can tell whether it still runs. */
    public static CredentialBusyException left(CredentialId id, Occupancy occupancy) {
        return new CredentialBusyException(
                id,
                occupancy,
                "add --wait 15m; or, if that job is over and its persist will not come: " + UnlockHint.of(id));
    }

    /** An operator meant another lease, or one that its store cannot end. */
    public static CredentialBusyException notEnded(CredentialId id, HeldLease lease, String hint) {
        return new CredentialBusyException(id, lease.occupancy(), hint);
    }

    /** The sentence that waiting jobs are told. */
    public static String describe(CredentialId id, Occupancy occupancy) {
        Instant since = occupancy.holder().since().truncatedTo(ChronoUnit.SECONDS);
        return "credential '" + id + "' is in use by " + occupancy.holder().description() + " since " + since
                + occupancy
                        .until()
                        .map(until -> ", at the latest until " + until.truncatedTo(ChronoUnit.SECONDS))
                        .orElse("");
    }
}
