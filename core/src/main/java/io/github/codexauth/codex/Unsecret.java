package io.github.codexauth.codex;

import java.util.regex.Pattern;

/** Makes what another program says fit for a message: one short line, without anything that could be a token. */
final class Unsecret {
    private static final Pattern LIKE_A_TOKEN = Pattern.compile("[A-Za-z0-9_+/=.-]{24,}");
    private static final int LONGEST = 200;

    private Unsecret() {}

    static String text(String said) {
        String line = LIKE_A_TOKEN
                .matcher(said.substring(0, Math.min(said.length(), 4 * LONGEST)))
                .replaceAll("…")
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
