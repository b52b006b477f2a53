package io.github.codexauth.runner.storage.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.runner.storage.remote.Attempts;
import io.github.codexauth.runner.storage.remote.Failure;
import io.github.codexauth.runner.storage.remote.ServerJson;
import io.github.codexauth.runner.storage.remote.Turmoil;
import io.github.codexauth.store.StoreUnavailableException;

/**
 * The login of one credential, at the server.
 *
 * @param leases know whether there was one, should whoever answers not know it yet
 */
record LoginEntries(LeaseEntries leases, CredentialId id) {
    static final String FOLDER = "logins";

    private Entries entries() {
        return leases.entries();
    }

    private String name() {
        return FOLDER + "/" + id;
    }

    /** As whoever answers knows it, for showing it. */
    LoginEntry look() throws StoreUnavailableException {
        return Attempts.repeat(this::lookOnce);
    }

    LoginEntry lookOnce() throws Failure {
        return new LoginEntry(
                entries().server().address().toString(), id, entries().readOnce(name()));
    }

    /** The newest: it was written once more, so that nobody can have written another, and we may write. */
    LoginEntry newest() throws StoreUnavailableException {
        return Attempts.repeat(this::newestOnce);
    }

    /** As the other, but gives up when a call is not answered. */
    LoginEntry newestOnce() throws Failure {
        Turmoil turmoil = entries().turmoil(name());
        while (true) {
            LoginEntry seen = lookOnce();
            if (seen.isAbsent() && !leases.isStoredOnce(id)) {
                return seen;
            }
            if (entries().writeOnce(name(), seen.entry(), seen.content())) {
                Entry touched = new Entry(
                        seen.entry().content(),
                        seen.entry().version() + 1,
                        seen.entry().at());
                return new LoginEntry(seen.where(), id, touched);
            }
            turmoil.pause();
        }
    }

    /** @return whether it was put in the place of what was read */
    boolean writeOnce(LoginEntry read, ObjectNode next) throws Failure {
        return entries().writeOnce(name(), read.entry(), next);
    }

    /** A write that is judged, and has to fail, since no entry ever has that version. */
    void pretend() throws StoreUnavailableException {
        Attempts.repeat(() -> entries().server().write(name(), Integer.MAX_VALUE, ServerJson.object()));
    }
}
