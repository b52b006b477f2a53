package io.github.codexauth.stores;

import io.github.codexauth.CredentialId;
import io.github.codexauth.UsageException;
import io.github.codexauth.store.StoreException;
import java.util.List;
import java.util.Optional;

/** A store on a server, where somebody has to make a place for it before runners can use it. */
public interface PreparedStore extends NamedStore {
    /**
     * Makes what is missing of that place; what is there stays. Needs more rights than a runner has.
     *
     * @param role the runners' name there; empty for a usual one
     * @param ids credentials for which a place is made that is theirs alone, where the store has such
     * @return what the server's operator has to run to give that role the rights it needs, and no more
     * @throws StoreException if it cannot be made; the message names what is missing
     * @throws UsageException if more has to be given
     */
    List<String> prepare(Optional<String> role, List<CredentialId> ids) throws StoreException, UsageException;

    /**
     * What is unsafe about the way to it or about our rights there, or makes it slow.
     *
     * @throws StoreException if the store does not answer
     */
    List<Weakness> weaknesses() throws StoreException;

    /**
     * One of these.
     *
     * @param what as a sentence
     * @param hint what to do about it
     */
    record Weakness(String what, String hint) {}
}
