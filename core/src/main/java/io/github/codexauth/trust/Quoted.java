package io.github.codexauth.trust;

import java.util.regex.Pattern;

/** Text from outside as messages may show it: one printable line of bounded length. */
final class Quoted {
    private static final int LONGEST = 120;

    /** What ends lines, moves cursors or turns the direction of writing, in ASCII and beyond it. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private Quoted() {}

    static String of(String text) {
        String printable = UNPRINTABLE.matcher(text).replaceAll(" ").strip();
        return printable.length() <= LONGEST ? printable : printable.substring(0, LONGEST) + "…";
    }
}
