package io.github.codexauth.runner.storage;

import io.github.codexauth.store.StoreException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** A store that somebody named, before it is opened. */
public interface NamedStore {
    /** The folder of this machine that it lies in, whether or not it is there; empty for a store elsewhere. */
    Optional<Path> folder();

    /**
     * Opens it. Whoever calls has made sure that the folder is nobody else's.
     *
     * @throws StoreException if it is not usable
     */
    OpenedStore open(Clock clock) throws StoreException;
}
