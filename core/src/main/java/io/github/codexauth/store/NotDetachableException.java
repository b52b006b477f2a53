package io.github.codexauth.store;

import io.github.codexauth.CodexAuthException;

/** A lease that would have to outlive its process, in a store whose leases do not. */
public final class NotDetachableException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    /** @param where the store, as the message names it */
    public NotDetachableException(String where) {
        super(
                where + " frees a credential when the process that has it ends, so none can be left to a later step",
                "use codex-auth run -- COMMAND in the place of restore and persist, or --store file:/FOLDER");
    }
}
