package io.github.codexauth.logs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Finds any of a few short byte strings in a text, whole; {@link PieceMatcher} is for long ones: the algorithm of Wu
 * and Manber (TR 94-17, University of Arizona), which looks at a few bytes of the text and jumps ahead, mostly by the
 * length of the shortest string.
 *
 * <p>Immutable.
 */
final class SecretMatcher {
    static final SecretMatcher NOTHING = new SecretMatcher(List.of());

    private static final int BLOCK = 3;
    private static final int TABLE = 1 << 16;
    private static final int WIDEST_WINDOW = 64;

    private final byte[][] secrets;
    private final int window;
    private final int longest;
    private final byte[] jumps;
    private final int[][] candidates;
    private final boolean[] beginnings;

    SecretMatcher(Collection<String> secrets) {
        this.secrets = new byte[secrets.size()][];
        int count = 0;
        int narrowest = WIDEST_WINDOW;
        int most = 0;
        for (String secret : secrets) {
            byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
            this.secrets[count++] = bytes;
            narrowest = Math.min(narrowest, bytes.length);
            most = Math.max(most, bytes.length);
        }
        this.window = count == 0 ? 0 : narrowest;
        this.longest = most;
        // Mostly there is none, and tables that nobody looks at would still be a part of each start.
        int size = count == 0 ? 0 : TABLE;
        this.jumps = new byte[size];
        this.candidates = new int[size][];
        this.beginnings = new boolean[size];
        Arrays.fill(jumps, (byte) Math.max(1, window - BLOCK + 1));
        for (int i = 0; i < this.secrets.length; i++) {
            add(i);
        }
    }

    private void add(int index) {
        byte[] secret = secrets[index];
        for (int end = BLOCK - 1; end < window; end++) {
            int hash = hash(secret, end);
            jumps[hash] = (byte) Math.min(jumps[hash], window - 1 - end);
        }
        int hash = hash(secret, window - 1);
        int[] others = candidates[hash] == null ? new int[0] : candidates[hash];
        int[] more = Arrays.copyOf(others, others.length + 1);
        more[others.length] = index;
        candidates[hash] = more;
        beginnings[pair(secret[0], secret[1])] = true;
    }

    /** A place in the text; the end is exclusive. */
    record Place(int start, int end) {}

    /**
     * Every place where a secret stands between {@code from} and {@code to}, those that touch or overlap made one, in
     * order.
     */
    List<Place> find(byte[] text, int from, int to) {
        List<Place> places = new ArrayList<>();
        if (secrets.length == 0) {
            return places;
        }
        // A variable of its own, since the quick compiler of the launcher reads a field anew each time.
        byte[] jump = jumps;
        int end = from + window - 1;
        while (end < to) {
            int hash = hash(text, end);
            if (jump[hash] > 0) {
                end += jump[hash];
                continue;
            }
            int start = end - window + 1;
            int longest = longestAt(text, start, to, candidates[hash]);
            if (longest > 0) {
                append(places, new Place(start, start + longest));
            }
            end++;
        }
        return places;
    }

    /** Where the text's end begins to be the beginning of a secret; {@code to} if it does not. */
    int unfinished(byte[] text, int from, int to) {
        if (secrets.length == 0) {
            return to;
        }
        boolean[] beginning = beginnings;
        for (int start = from; start < to - 1; start++) {
            if (beginning[pair(text[start], text[start + 1])] && beginsAt(text, start, to)) {
                return start;
            }
        }
        return from < to && beginsAt(text, to - 1, to) ? to - 1 : to;
    }

    private boolean beginsAt(byte[] text, int start, int to) {
        int length = to - start;
        for (byte[] secret : secrets) {
            if (secret.length > length && Arrays.equals(secret, 0, length, text, start, to)) {
                return true;
            }
        }
        return false;
    }

    /** How far back from its end a text has to be looked at for {@link #unfinished}. */
    int longest() {
        return longest;
    }

    private int longestAt(byte[] text, int start, int to, int[] indexes) {
        int longest = 0;
        for (int index : indexes) {
            byte[] secret = secrets[index];
            if (secret.length > longest
                    && start + secret.length <= to
                    && Arrays.equals(secret, 0, secret.length, text, start, start + secret.length)) {
                longest = secret.length;
            }
        }
        return longest;
    }

    static void append(List<Place> places, Place next) {
        int last = places.size() - 1;
        if (last >= 0 && places.get(last).end() >= next.start()) {
            Place before = places.get(last);
            places.set(last, new Place(before.start(), Math.max(before.end(), next.end())));
        } else {
            places.add(next);
        }
    }

    private static int hash(byte[] text, int end) {
        return ((text[end - 2] & 0xFF) << 10 ^ (text[end - 1] & 0xFF) << 5 ^ (text[end] & 0xFF)) & (TABLE - 1);
    }

    private static int pair(byte first, byte second) {
        return (first & 0xFF) << 8 | (second & 0xFF);
    }
}
