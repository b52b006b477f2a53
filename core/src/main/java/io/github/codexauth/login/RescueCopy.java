package io.github.codexauth.login;

import io.github.codexauth.store.CredentialRecord;
import java.util.Optional;

/** A login that its store did not take as the current one, and that waits on this machine or beside the stored one. */
public sealed interface RescueCopy permits RescueArea.Copy, RescueArea.InStore {
    CredentialRecord record();

    /** By what a person names it. */
    String name();

    /** Whether only a person may put it into the store. */
    boolean isAside();

    /** Why it is not the stored one; empty if nobody wrote that down. */
    Optional<String> reason();
}
