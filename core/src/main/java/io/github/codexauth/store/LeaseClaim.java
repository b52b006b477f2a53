package io.github.codexauth.store;

/**
 * The right to take up a detached lease again: a random word that only {@code restore} and its {@code persist} know.
 *
 * @param value 32 hex digits; not a credential, but whoever has it can end the lease
 */
public record LeaseClaim(String value) {
    /** @throws IllegalArgumentException if it is not 32 hex digits */
    public LeaseClaim {
        if (!value.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException("a lease claim has 32 hex digits");
        }
    }

    @Override
    public String toString() {
        return "LeaseClaim[****]";
    }
}
