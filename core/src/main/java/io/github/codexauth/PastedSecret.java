package io.github.codexauth;

import java.util.List;

/**
 * Tells what somebody pasted by mistake from the name or path that belongs there, so that no message repeats a secret.
 *
 * <p>A guess, on the safe side: what is taken for a secret is not quoted, and nothing else depends on it.
 */
public final class PastedSecret {
    /** As OpenAI's keys and tokens, JWTs, age identities and PEM files begin. */
    private static final List<String> BEGINNINGS = List.of(
            "sk-", "sess-", "at-", "rt.", "rt_", "rt-", "eyJ", "AGE-SECRET-KEY-", "age-secret-key-", "-----BEGIN");

    /** Keys of every kind are at least as long, in one word. */
    private static final int LONG_WORD = 32;

    /** The longest path that Linux takes (PATH_MAX). */
    private static final int LONGEST_PATH = 4096;

    private PastedSecret() {}

    /** Whether a text should not be quoted where the name or the path of something was expected. */
    public static boolean looksLike(String text) {
        String value = text.strip();
        return value.length() > LONGEST_PATH || isNoPath(value) || beginsAsOne(value) || isLongWord(value);
    }

    /** Line breaks and other control characters, and the braces of JSON. */
    private static boolean isNoPath(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == 0x7F || c == '{' || c == '}') {
                return true;
            }
        }
        return false;
    }

    private static boolean beginsAsOne(String value) {
        for (String beginning : BEGINNINGS) {
            if (value.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }

    /** One word of digits and both kinds of letters without a slash at its beginning. */
    private static boolean isLongWord(String value) {
        boolean digit = false;
        boolean lower = false;
        boolean upper = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            digit |= c >= '0' && c <= '9';
            lower |= c >= 'a' && c <= 'z';
            upper |= c >= 'A' && c <= 'Z';
            boolean letter = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && "+_-".indexOf(c) < 0 && (i == 0 || "/=".indexOf(c) < 0)) {
                return false;
            }
        }
        return value.length() >= LONG_WORD && digit && lower && upper;
    }
}
