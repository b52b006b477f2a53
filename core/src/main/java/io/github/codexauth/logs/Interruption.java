package io.github.codexauth.logs;

/**
 * What tools put between two characters of a word that they print, or in the place of one, by no bad will:
 *
 * <ul>
 *   <li>colours and other control sequences ({@code ESC [ … m}), as {@code grep --color} puts in;
 *   <li>line breaks, as {@code fold} and {@code base64} put in, with the next line's indentation;
 *   <li>escapes of JSON and of addresses: {@code \}{@code u002d} and {@code %2d} for a dash.
 * </ul>
 */
final class Interruption {
    /** Whatever is longer is something else. */
    static final int LONGEST = 32;

    private static final byte ESCAPE = 0x1B;

    private Interruption() {}

    /** Where a character ends if it comes next, after interruptions; negative if it does not. */
    static int after(byte[] text, int at, int to, byte wanted) {
        int limit = Math.min(to, at + LONGEST);
        for (int next = at; next < limit; ) {
            if (isSame(text[next], wanted)) {
                return next + 1;
            }
            int escape = escaped(text, next, to, wanted);
            if (escape > 0) {
                return next + escape;
            }
            int pause = pause(text, next, limit);
            if (pause == 0) {
                return -1;
            }
            next += pause;
        }
        return -1;
    }

    /** Where a character begins if it stands before, with interruptions after it; negative if it does not. */
    static int before(byte[] text, int at, int from, byte wanted) {
        int limit = Math.max(from, at - LONGEST);
        for (int end = at; end > limit; ) {
            // The last byte of a colour may be the wanted character.
            boolean colour = text[end - 1] == 'm' || text[end - 1] == 'K';
            int start = colour ? pauseBefore(text, end, limit) : end;
            if (start < end) {
                end = start;
                continue;
            }
            if (isSame(text[end - 1], wanted)) {
                return end - 1;
            }
            for (int length : new int[] {3, 6}) {
                if (end - length >= from && escaped(text, end - length, end, wanted) == length) {
                    return end - length;
                }
            }
            start = pauseBefore(text, end, limit);
            if (start == end) {
                return -1;
            }
            end = start;
        }
        return -1;
    }

    /** Where the pause begins that ends here; the end itself if there is none. */
    private static int pauseBefore(byte[] text, int end, int limit) {
        for (int start = end - 1; start >= limit; start--) {
            if (pause(text, start, end) == end - start) {
                return start;
            }
        }
        return end;
    }

    /** The two alphabets of base64 differ in two characters. */
    private static boolean isSame(byte found, byte wanted) {
        return found == wanted || (wanted == '+' && found == '-') || (wanted == '/' && found == '_');
    }

    /** Whether nothing but an interruption, or the beginning of one, stands from here to the end. */
    static boolean reaches(byte[] text, int at, int to) {
        if (to - at > LONGEST) {
            return false;
        }
        int next = at;
        while (next < to) {
            int pause = pause(text, next, to);
            if (pause == 0) {
                return text[next] == ESCAPE || text[next] == '\\' || text[next] == '%';
            }
            next += pause;
        }
        return true;
    }

    /** The length of a line break with its indentation, or of a control sequence; 0 if there is none. */
    private static int pause(byte[] text, int at, int to) {
        int next = at;
        if (text[at] == '\n' || text[at] == '\r') {
            while (next < to && (text[next] == '\n' || text[next] == '\r' || text[next] == ' ' || text[next] == '\t')) {
                next++;
            }
            return next - at;
        }
        if (text[at] != ESCAPE || at + 1 >= to || text[at + 1] != '[') {
            return 0;
        }
        // ECMA-48: parameters and intermediate bytes from 0x20 to 0x3F, then one that ends it.
        next = at + 2;
        while (next < to && text[next] >= 0x20 && text[next] <= 0x3F) {
            next++;
        }
        return next < to && text[next] >= 0x40 && text[next] <= 0x7E ? next + 1 - at : 0;
    }

    /** The length of an escape that stands for this character; 0 if there is none. */
    private static int escaped(byte[] text, int at, int to, byte wanted) {
        if (text[at] == '%' && at + 3 <= to) {
            return hex(text[at + 1]) << 4 == (wanted & 0xF0) && hex(text[at + 2]) == (wanted & 0x0F) ? 3 : 0;
        }
        if (text[at] == '\\' && at + 6 <= to && text[at + 1] == 'u' && text[at + 2] == '0' && text[at + 3] == '0') {
            return hex(text[at + 4]) << 4 == (wanted & 0xF0) && hex(text[at + 5]) == (wanted & 0x0F) ? 6 : 0;
        }
        return 0;
    }

    private static int hex(byte digit) {
        return Character.digit(digit, 16);
    }
}
