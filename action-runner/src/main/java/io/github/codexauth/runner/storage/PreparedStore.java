package io.github.codexauth.runner.storage;

import io.github.codexauth.store.StoreException;
import java.util.List;
import java.util.Optional;

/** A store on a server, where somebody has to make a place for it before runners can use it. */
public interface PreparedStore extends NamedStore {
    /**
     * Makes what is missing of that place; what is there stays. Needs more rights than a runner has.
     *
     * @param role the runners' name there
     * @return what the server's operator has to run to give that role the rights it needs, and no more
     * @throws StoreException if it cannot be made; the message names what is missing
     */
    List<String> prepare(String role) throws StoreException;

    /** What is unsafe about the way to it, as a sentence; empty if nothing is. */
    Optional<String> weakness();
}
