package io.github.codexauth.store;

import io.github.codexauth.CredentialId;
import java.util.Optional;

/**
 * The exclusive right to one credential. No lease, no reading or writing.
 *
 * <p>It ends with {@link #close()} or with the death of its holder. Methods may be called by several threads.
 */
public interface Lease extends AutoCloseable {
    CredentialId id();

    /**
     * The current generation; empty if nothing was ever stored.
     *
     * @throws CorruptRecordException if the current generation cannot be read back
     * @throws StoreUnavailableException if the store does not answer
     */
    Optional<CredentialRecord> load() throws StoreException;

    /** The generation before the current one; empty if there is none, or if it cannot be read either. */
    Optional<CredentialRecord> loadPrevious() throws StoreException;

    /**
     * Goes back to the previous generation, or to none, when the current one is damaged; the damaged one is kept under
     * another name. Does nothing if the current generation can be read.
     *
     * @return whether there was something to set aside
     */
    boolean setDamagedAside() throws StoreException;

    /**
     * Stores a record if what is stored is still {@code expected}. When it answers {@link SaveResult#SAVED} the record
     * survives the loss of this machine's power.
     *
     * @param expected what this record replaces, as it was read or saved; {@link Revision#NONE} if the store held
     *     nothing
     * @param record its generation is higher than that of {@code expected}
     * @param keep what becomes the previous generation
     * @throws StoreUnavailableException if it could not be stored, or nobody can tell; a generation that it did not
     *     replace is untouched
     */
    SaveResult save(Revision expected, CredentialRecord record, Keep keep) throws StoreException;

    /** As the other; what is replaced becomes the previous generation. */
    default SaveResult save(Revision expected, CredentialRecord record) throws StoreException {
        return save(expected, record, Keep.REPLACED);
    }

    /**
     * Notes on the stored generation what was found out about it, durably. It stays the same generation with the same
     * login, and the one before it stays, too.
     *
     * @param expected what was tried
     * @param health replaces what was noted before
     * @return {@link SaveResult#CONFLICT} if another one is stored by now, which nothing is known of
     * @throws StoreUnavailableException if it could not be noted; what is stored is then untouched
     */
    SaveResult note(Revision expected, Health health) throws StoreException;

    /**
     * Proves that {@link #save} would work now, by writing and taking away something of the same kind.
     *
     * @throws StoreUnavailableException if it would not; the message says what stands in the way
     */
    void proveWritable() throws StoreException;

    /**
     * Makes sure that a login which is encrypted like this may lie in this store.
     *
     * @throws StoreUnavailableException if more people can read the store than may use its logins
     */
    default void requireProtection(Encryption encryption) throws StoreException {}

    /**
     * What is known of this lease. Asks nobody, and never waits: a store that has to be told that we live does so
     * itself.
     */
    LeaseState state();

    /**
     * As {@link #state}, right after the store was told that we live, for what takes a while and must not outlast the
     * lease. Answers within a few seconds, whether or not the store does.
     */
    default LeaseState confirm() {
        return state();
    }

    /** Frees the credential. Does nothing the second time, and never throws. */
    @Override
    void close();
}
