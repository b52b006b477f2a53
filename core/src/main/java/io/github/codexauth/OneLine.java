package io.github.codexauth;

import java.util.regex.Pattern;

/**
 * Text from outside as messages, pages and logs may show it: one printable line of bounded length. Whoever wrote the
 * text may have written anything, to forge a line of ours, to move a cursor, or to turn the direction of writing.
 */
public final class OneLine {
    /**
     * What ends lines, moves cursors or turns the direction of writing, in ASCII and beyond it, and halves of
     * characters.
     */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

    private static final Pattern LIKE_A_TOKEN = Pattern.compile("[A-Za-z0-9_+/=.-]{24,}");

    /** What a sentence can hold and still be read, in characters. */
    private static final int LONGEST = 300;

    private OneLine() {}

    /** The text on one line of a length that a sentence can hold. */
    public static String of(String text) {
        return of(text, LONGEST);
    }

    /**
     * The text on one line.
     *
     * @param longest in characters, at least 1; what is longer ends with an ellipsis
     */
    public static String of(String text, int longest) {
        String printable =
                UNPRINTABLE.matcher(bounded(text, longest)).replaceAll(" ").strip();
        return printable.length() <= longest ? printable : printable.substring(0, longest - 1) + "…";
    }

    /** The same without anything that could be a token, for what another program says of a credential. */
    public static String withoutTokens(String text) {
        return of(LIKE_A_TOKEN.matcher(bounded(text, LONGEST)).replaceAll("…"), LONGEST);
    }

    /** Enough for the line, and no more to look through. */
    private static String bounded(String text, int longest) {
        return text.substring(0, Math.min(text.length(), 4 * longest));
    }
}
