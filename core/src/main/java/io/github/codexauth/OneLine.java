package io.github.codexauth;

/**
 * Text from outside as messages, pages and logs may show it: one printable line of bounded length. Whoever wrote the
 * text may have written anything, to forge a line of ours, to move a cursor, or to turn the direction of writing.
 */
public final class OneLine {
    private static final String LIKE_A_TOKEN = "[A-Za-z0-9_+/=.-]{24,}";

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
        String printable = printable(bounded(text, longest)).strip();
        return printable.length() <= longest ? printable : printable.substring(0, longest - 1) + "…";
    }

    /** The same without anything that could be a token, for what another program says of a credential. */
    public static String withoutTokens(String text) {
        return of(bounded(text, LONGEST).replaceAll(LIKE_A_TOKEN, "…"), LONGEST);
    }

    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int character = text.codePointAt(at);
            printable.appendCodePoint(isPrintable(character) ? character : ' ');
        }
        return printable.toString();
    }

    /**
     * Not what ends lines, moves cursors or turns the direction of writing, in ASCII and beyond it, and no halves of
     * characters.
     */
    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }

    /** Enough for the line, and no more to look through. */
    private static String bounded(String text, int longest) {
        return text.substring(0, Math.min(text.length(), 4 * longest));
    }
}
