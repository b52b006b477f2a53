package io.github.codexauth.store;

import io.github.codexauth.CredentialId;
import java.util.List;

/**
 * A store in which jobs that share a login can be seen. They hold no lease but for the moments in which the login is
 * refreshed, so nothing else would show them.
 *
 * <p>Implementations may be used by several threads.
 */
public interface SharedUseStore extends CredentialStore {
    /** That somebody uses a credential. It ends with {@link #close()}, or with its process. */
    interface Use extends AutoCloseable {
        /** Of somebody who need not be seen. */
        Use UNSEEN = () -> {};

        /** Does nothing the second time, and never throws. */
        @Override
        void close();
    }

    /**
     * Notes that somebody uses a credential.
     *
     * @throws StoreUnavailableException if that cannot be written down
     */
    Use use(CredentialId id, Holder user) throws StoreException;

    /**
     * Who uses a credential now, longest first; a snapshot.
     *
     * @throws StoreUnavailableException if the store does not answer
     */
    List<Holder> users(CredentialId id) throws StoreException;
}
