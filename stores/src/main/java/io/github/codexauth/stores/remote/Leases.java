package io.github.codexauth.stores.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.HeldLease;
import io.github.codexauth.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Who has which credential of a store. A lease belongs to a random word, its owner, and what an owner has already it
 * gets again: so each of these may be done twice, and an answer that was lost is asked for again.
 */
public interface Leases {
    LeaseTimes times();

    /** The lease of a credential, as whoever answers knows it; empty if nobody has it. */
    Optional<HeldLease> look(CredentialId id) throws StoreUnavailableException;

    /**
     * Renews one, once. Also after its time, if nobody took it; and where a back-up brought a time back at which it was
     * not ours yet. Never after it was given back, however late this arrives.
     *
     * @param expires when the access token of the login ends, as far as we know; for choosing one of a pool
     * @return whether it is still ours
     */
    boolean renew(OurLease ours, Optional<Instant> expires) throws Failure;

    /**
     * Gives one back.
     *
     * @param expires as for {@link #renew}
     * @return whether it was still ours
     */
    boolean release(OurLease ours, Optional<Instant> expires) throws StoreUnavailableException;

    /**
     * Leaves one to whoever knows a claim.
     *
     * @param claim its hash: who can read the store must not be able to take the lease up
     * @return whether it was ours, and is the claim's now
     */
    boolean detach(OurLease ours, String claim, Duration time) throws StoreUnavailableException;

    /** Takes one up that was left, which is another one then; empty if it is not this claim's. */
    Optional<OurLease> resume(CredentialId id, String owner, String claim) throws StoreUnavailableException;

    /**
     * Ends one, whoever has it or left it, and counts on: by that its holder knows, however late, that it is over.
     *
     * @param epoch which one
     * @return whether it was there; also if that was said by an answer that was lost
     */
    boolean end(CredentialId id, long epoch) throws StoreUnavailableException;
}
