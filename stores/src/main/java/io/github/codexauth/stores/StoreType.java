package io.github.codexauth.stores;

import io.github.codexauth.UsageException;

/** One kind of store: how its addresses begin, and which stores they name. */
public interface StoreType {
    /** What stands before the first colon of its addresses, such as {@code file}. */
    String scheme();

    /** Whether an address is of this kind. */
    default boolean has(String address) {
        return address.startsWith(scheme() + ":");
    }

    /** What follows the scheme and its colon in an address of this kind. */
    default String rest(String address) {
        return address.substring(scheme().length() + 1);
    }

    /** An address that a user could type, for hints. */
    String example();

    /**
     * The store at an address. Nothing is opened, and nothing made.
     *
     * @param rest what follows the scheme and its colon
     * @param password asked for whenever one is needed, and never before
     * @throws UsageException if that names no store of this kind; the message does not quote it, since it may hold a
     *     password
     */
    NamedStore at(String rest, PasswordSource password) throws UsageException;
}
