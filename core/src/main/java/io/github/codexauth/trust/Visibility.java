package io.github.codexauth.trust;

import java.util.Locale;

/** Who can see a repository or project. */
public enum Visibility {
    PUBLIC,
    /** Everybody in the organization or on the server. */
    INTERNAL,
    PRIVATE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
