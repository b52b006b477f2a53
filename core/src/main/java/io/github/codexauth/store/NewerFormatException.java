package io.github.codexauth.store;

/** Something in a store was written by a newer version of this software. */
public final class NewerFormatException extends StoreException {
    private static final long serialVersionUID = 1L;

    public NewerFormatException(String what, long format) {
        super(
                what + " has format " + format + ", and this version of codex-auth knows up to " + RecordFormat.NEWEST,
                "install the newer codex-auth here too; nothing was changed");
    }
}
