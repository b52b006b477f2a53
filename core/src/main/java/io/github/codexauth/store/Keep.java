package io.github.codexauth.store;

/** Which generation a save leaves to {@link Lease#loadPrevious}. */
public enum Keep {
    /** The one that is replaced. */
    REPLACED,
    /**
     * The one that was kept before, if there is one; the one that is replaced is forgotten. So a job that writes its
     * file many times leaves the generation that it was given.
     */
    PREVIOUS
}
