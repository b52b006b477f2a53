package io.github.codexauth.trust;

/**
 * Upper and lower case of the letters A to Z, and of no others. Unicode's rules make a Kelvin sign a k and take a long
 * s for an s, and whoever can register such a name would pass for another.
 */
public final class AsciiCase {
    private AsciiCase() {}

    /** The text with A to Z as a to z. */
    public static String lower(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        for (char letter : text.toCharArray()) {
            lower.append(letter >= 'A' && letter <= 'Z' ? (char) (letter + ('a' - 'A')) : letter);
        }
        return lower.toString();
    }

    /** Whether two texts differ in the case of A to Z at most. */
    public static boolean same(String one, String other) {
        return lower(one).equals(lower(other));
    }
}
