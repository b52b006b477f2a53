package io.github.codexauth;

import java.util.regex.Pattern;

/**
 * The name of a managed credential in a store, such as {@code codex-ci}.
 *
 * <p>Lower-case letters, digits, dots, underscores and hyphens, 1 to 63 of them, beginning and ending with a letter or
 * digit: a name that is at once a file name, a Kubernetes name and a database key, and never a path.
 */
public record CredentialId(String value) {
    private static final Pattern VALID = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?");

    /** @throws IllegalArgumentException if the value is not a valid id; the message says why and can be shown */
    public CredentialId {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "'" + shown(value)
                            + "' is not a credential id: use 1 to 63 of a-z 0-9 . _ - and begin and end with a letter or digit");
        }
    }

    /** Whether a name is one of a credential. */
    public static boolean isValid(String name) {
        return VALID.matcher(name).matches() && !name.contains("..");
    }

    /** As the one that records have, for which Java would make a dozen classes in each run. */
    @Override
    public boolean equals(Object other) {
        return other instanceof CredentialId id && id.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }

    /** Somebody may have pasted a secret where the id belongs. */
    private static String shown(String value) {
        if (PastedSecret.looksLike(value)) {
            return "…";
        }
        return value.length() <= 20 ? value : value.substring(0, 8) + "…";
    }
}
