package io.jenkins.plugins.codexauth.account;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.UsageException;
import io.jenkins.plugins.codexauth.lease.JenkinsCredentialStore;

/**
 * A Codex account in its place.
 *
 * @param place the full name of the folder it belongs to; empty for Jenkins itself
 * @param id its id, of which another place may have one of its own
 * @param credential what a person pasted
 * @param store who has it and who waits for it on this controller, and its login, unless that is {@linkplain #logins
 *     elsewhere}
 */
public record CodexAccount(
        String place, CredentialId id, CodexAccountCredentials credential, JenkinsCredentialStore store) {
    /**
     * Where its login is.
     *
     * @throws CodexAuthException if that is a store on a server which cannot be used
     */
    public LoginPlace logins() throws CodexAuthException {
        FleetStore elsewhere = credential.getStore();
        if (elsewhere == null) {
            return LoginPlace.here(store, id);
        }
        if (!place.isEmpty()) {
            throw new UsageException(
                    "credential '" + fullName() + "' names a store, and belongs to a folder",
                    "make it a credential of Jenkins itself: a store's address can name files of the controller, which not"
                            + " everybody who manages a folder may read");
        }
        return FleetStores.get().place(elsewhere, id, store);
    }

    /** Whether a store on a server keeps its login, and not this controller. */
    public boolean isElsewhere() {
        return credential.getStore() != null;
    }

    /** What to call it: {@code codex-ci}, or {@code team/codex-ci}. */
    public String fullName() {
        return fullName(place, id.value());
    }

    /** What to call the account of that id in a place. */
    public static String fullName(String place, String id) {
        return place.isEmpty() ? id : place + "/" + id;
    }
}
