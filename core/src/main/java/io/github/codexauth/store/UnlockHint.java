package io.github.codexauth.store;

import io.github.codexauth.CredentialId;

/** How an operator frees a credential that a {@code restore} took and whose {@code persist} will not come. */
public final class UnlockHint {
    private UnlockHint() {}

    /** What to type, once that job is known to be over. */
    public static String of(CredentialId id, Occupancy occupancy) {
        return "codex-auth unlock --id " + id + " --holder-since "
                + occupancy.holder().since();
    }
}
