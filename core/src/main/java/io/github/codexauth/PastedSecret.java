package io.github.codexauth;

import java.util.regex.Pattern;

/**
 * Tells what somebody pasted by mistake from the name or path that belongs there, so that no message repeats a secret.
 *
 * <p>A guess, on the safe side: what is taken for a secret is not quoted, and nothing else depends on it.
 */
public final class PastedSecret {
    /** As OpenAI's keys and tokens, JWTs, age identities and PEM files begin. */
    private static final Pattern BEGINNING =
            Pattern.compile("(sk-|sess-|at-|rt[._-]|eyJ|AGE-SECRET-KEY-|age-secret-key-|-----BEGIN).*");

    /** No path: line breaks and other control characters, and the braces of JSON. */
    private static final Pattern NO_PATH = Pattern.compile(".*[\\p{Cntrl}{}].*", Pattern.DOTALL);

    /** One long word of letters and digits without a slash at its beginning, as keys of every kind are. */
    private static final Pattern LONG_WORD =
            Pattern.compile("(?=.*[0-9])(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9+_-][A-Za-z0-9+/=_-]{31,}");

    /** The longest path that Linux takes (PATH_MAX). */
    private static final int LONGEST_PATH = 4096;

    private PastedSecret() {}

    /** Whether a text should not be quoted where the name or the path of something was expected. */
    public static boolean looksLike(String text) {
        String value = text.strip();
        return value.length() > LONGEST_PATH
                || NO_PATH.matcher(value).matches()
                || BEGINNING.matcher(value).matches()
                || LONG_WORD.matcher(value).matches();
    }
}
