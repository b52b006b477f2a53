package io.github.codexauth.stores.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.StoreException;
import java.util.List;

/**
 * Logins on a server that can do no more than put something in the place of what was read, if nobody came between.
 * Each is asked for once.
 */
public interface LoginCells {
    /** A login as it was read. */
    interface Seen {
        LoginRecords records();

        /**
         * Puts others there.
         *
         * @return false if something else was there by then
         */
        boolean replace(LoginRecords next) throws Failure;

        /** Has a write in its place judged that changes nothing. To be asked of the newest. */
        void pretend() throws Failure;
    }

    /** Every credential that has a login, in order of their names. */
    List<CredentialId> list() throws StoreException;

    /** As whoever answers knows it. */
    Seen look(CredentialId id) throws Failure;

    /** The newest, whoever answers. */
    Seen newest(CredentialId id) throws Failure;
}
