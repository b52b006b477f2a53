package io.github.codexauth.store;

import io.github.codexauth.CredentialId;

/** How an operator frees a credential that a {@code restore} took and whose {@code persist} will not come. */
public final class UnlockHint {
    private UnlockHint() {}

    /** What shows who has it, and what to type once that job is known to be over. */
    public static String of(CredentialId id) {
        return "codex-auth unlock --id " + id;
    }

    /** What ends this lease, and no later one. */
    public static String of(CredentialId id, HeldLease lease) {
        return of(id) + " --epoch " + lease.epoch();
    }
}
