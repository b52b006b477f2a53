package io.github.codexauth.store;

/** How a stored {@code auth.json} is protected beyond the permissions of its store. */
public enum Encryption {
    /** As Codex wrote it. */
    NONE("none"),
    /** An age file (age-encryption.org/v1) for an X25519 recipient; the {@code age} tool opens it. */
    AGE("age"),
    /** With a key of the application around us, see {@link Sealer}. */
    HOST("host");

    private final String label;

    Encryption(String label) {
        this.label = label;
    }

    /** The word in records and on pages. */
    public String label() {
        return label;
    }
}
