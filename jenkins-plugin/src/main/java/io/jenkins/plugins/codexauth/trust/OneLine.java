package io.jenkins.plugins.codexauth.trust;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;


/** Text from outside as messages and the audit log may show it: one printable line of bounded length. */
final class OneLine {
    private static final int LONGEST = 300;

    /** What ends lines, moves cursors or turns the direction of writing, in ASCII and beyond it. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

    private OneLine() {}

    static String of(@Nullable String text) {
        String printable =
                UNPRINTABLE.matcher(text == null ? "" : text).replaceAll(" ").strip();
        return printable.length() <= LONGEST ? printable : printable.substring(0, LONGEST) + "…";
    }
}
