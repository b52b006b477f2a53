package io.github.codexauth.store;

/**
 * Encryption with a key of the application that this library is part of, such as a CI controller's. Safe for use by
 * several threads.
 */
public interface Sealer {
    /** Encrypts. */
    byte[] seal(byte[] plain);

    /**
     * Decrypts what {@link #seal} made.
     *
     * @throws InvalidEncryptionKeyException if the key is not the one it was sealed with
     */
    byte[] open(byte[] sealed) throws InvalidEncryptionKeyException;
}
