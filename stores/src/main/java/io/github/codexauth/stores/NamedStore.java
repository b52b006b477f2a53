package io.github.codexauth.stores;

import io.github.codexauth.store.StoreException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** A store that somebody named, before it is opened. */
public interface NamedStore {
    /** The folder of this machine that it lies in, whether or not it is there; empty for a store elsewhere. */
    Optional<Path> folder();

    /** The files by which we are known there: no business of the commands that the model runs. */
    default List<Path> secretFiles() {
        return List.of();
    }

    /**
     * Opens it. Whoever calls has made sure that the folder is nobody else's.
     *
     * @throws StoreException if it is not usable
     */
    OpenedStore open(Clock clock) throws StoreException;
}
