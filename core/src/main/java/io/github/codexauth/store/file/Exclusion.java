package io.github.codexauth.store.file;

/**
 * What keeps everybody else out of a credential while we have it: the kernel's lock on a file, or a turn in the queue
 * of a CI controller. Safe for use by several threads.
 */
public interface Exclusion {
    /** Whether nobody else can have the credential now. */
    boolean isHeld();

    /** Lets others in. Does nothing the second time, and never throws. */
    void release();
}
