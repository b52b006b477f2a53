package io.github.codexauth.logs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Finds long secrets in a text, and every piece of {@link #SHORTEST} characters or more of one, wherever tools have cut
 * it off or broken it up.
 *
 * <p>The text is looked at in steps, each time in a table of all groups of {@link #GRAM} characters that stand in a
 * secret, and what is found there is compared to both sides. A piece is longer than a step and a group, so one of its
 * groups is looked at. What may stand between two characters of a secret is passed over in that comparison alone, see
 * {@link Interruption}: it costs nothing where there is no secret.
 *
 * <p>Immutable.
 */
final class PieceMatcher {
    /** The shortest piece that is a secret, and the shortest string that this is for. */
    static final int SHORTEST = 20;

    private static final int GRAM = 4;

    /**
     * So of a piece that is broken up, twelve characters have to be in a row somewhere: {@code 12 = STEP + GRAM - 1}.
     */
    private static final int STEP = 9;

    /** Fewer characters than this at a text's end are a coincidence, unless a secret begins with them. */
    private static final int SHORTEST_END = 6;

    /** Reads a group at once, also with the quick compiler of the launcher. */
    private static final VarHandle GROUP = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /**
     * Of other groups one in sixteen passes then, fewer with few secrets, for which the filter fits into the
     * processor's first cache.
     */
    private static final int BITS_FOR_A_GROUP = 16;

    private static final int FEWEST_BITS = 18;

    /**
     * So often is one group looked up at most: what all states of a login have in common need not be found in each, and
     * a job that writes a secret of one character a thousand times must not make us compare for ever.
     */
    private static final int MOST_PLACES = 16;

    private final byte[] secrets;
    /** Where each secret begins; one more for the end. */
    private final int[] starts;
    /** How many characters at its beginning are no secret, as a JWT's header. */
    private final int[] known;

    /** With which characters a secret begins. */
    private final boolean[] beginnings = new boolean[256];

    /** Most groups of a text end here: a bit for each hash. */
    private final long[] filter;

    private final int filterShift;
    /** Open addressing: one more than the place of a group in the secrets, 0 for none. */
    private final int[] table;

    private final int tableShift;

    /** @param strings one or more, of {@link #SHORTEST} characters or more */
    PieceMatcher(Collection<String> strings) {
        List<byte[]> all = new ArrayList<>();
        int length = 0;
        for (String string : strings) {
            byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
            all.add(bytes);
            length += bytes.length;
        }
        this.starts = new int[all.size() + 1];
        this.known = new int[all.size()];
        this.secrets = new byte[length];
        for (int i = 0, at = 0; i < all.size(); i++) {
            starts[i] = at;
            known[i] = header(all.get(i));
            beginnings[all.get(i)[0] & 0xFF] = true;
            System.arraycopy(all.get(i), 0, secrets, at, all.get(i).length);
            at += all.get(i).length;
            starts[i + 1] = at;
        }
        int tableBits = bits(length + length / 3);
        int filterBits = Math.max(FEWEST_BITS, bits(BITS_FOR_A_GROUP * length));
        this.table = new int[1 << tableBits];
        this.tableShift = 32 - tableBits;
        this.filter = new long[1 << (filterBits - 6)];
        this.filterShift = 32 - filterBits;
        for (int i = 0; i < all.size(); i++) {
            for (int at = starts[i]; at <= starts[i + 1] - GRAM; at++) {
                index(at);
            }
        }
    }

    private static int bits(int atLeast) {
        return 32 - Integer.numberOfLeadingZeros(Math.max(1, atLeast));
    }

    private void index(int at) {
        int hash = hash(secrets, at);
        int bit = hash >>> filterShift;
        filter[bit >>> 6] |= 1L << bit;
        int slot = hash >>> tableShift;
        int same = 0;
        while (table[slot] != 0) {
            int other = table[slot] - 1;
            if (Arrays.equals(secrets, other, other + GRAM, secrets, at, at + GRAM) && ++same == MOST_PLACES) {
                return;
            }
            slot = (slot + 1) & (table.length - 1);
        }
        table[slot] = at + 1;
    }

    /** A JWT's header and the dot after it are the same for everybody. */
    private static int header(byte[] secret) {
        if (secret[0] == 'e' && secret[1] == 'y' && secret[2] == 'J') {
            for (int i = 0; i < secret.length; i++) {
                if (secret[i] == '.') {
                    return i + 1;
                }
            }
        }
        return 0;
    }

    /** Every piece between {@code from} and {@code to}, in order, those that touch or overlap made one. */
    List<SecretMatcher.Place> find(byte[] text, int from, int to) {
        List<SecretMatcher.Place> places = new ArrayList<>();
        // Variables of their own, since the quick compiler of the launcher reads a field anew each time.
        long[] passed = filter;
        int shift = filterShift;
        int last = to - GRAM;
        int at = from;
        while (at <= last) {
            int bit = hash(text, at) >>> shift;
            if ((passed[bit >>> 6] & 1L << bit) == 0) {
                at += STEP;
                continue;
            }
            int start = Integer.MAX_VALUE;
            int end = at;
            for (Run run : runsAt(text, at, from, to)) {
                if (run.secrecy() >= SHORTEST) {
                    start = Math.min(start, run.start());
                    end = Math.max(end, run.end());
                }
            }
            if (end > at) {
                SecretMatcher.append(places, new SecretMatcher.Place(start, end));
                at = end;
            } else {
                at += STEP;
            }
        }
        return places;
    }

    /** Where the text's end begins to be a piece of a secret that goes on; {@code to} if it does not. */
    int unfinished(byte[] text, int from, int to) {
        int keep = beginning(text, from, to);
        for (int at = to - GRAM; at >= Math.max(from, to - SHORTEST - Interruption.LONGEST); at--) {
            for (Run run : runsAt(text, at, from, to)) {
                if (!run.whole() && run.characters() >= SHORTEST_END && Interruption.reaches(text, run.end(), to)) {
                    keep = Math.min(keep, run.start());
                }
            }
        }
        return keep;
    }

    /** The same for what is too short to be looked up: the first characters of a secret. */
    private int beginning(byte[] text, int from, int to) {
        for (int start = Math.max(from, to - SHORTEST_END + 1); start < to; start++) {
            for (int i = 0; i < known.length && beginnings[text[start] & 0xFF]; i++) {
                if (Arrays.equals(secrets, starts[i], starts[i] + to - start, text, start, to)) {
                    return start;
                }
            }
        }
        return to;
    }

    /**
     * A stretch of a text that is a piece of a secret.
     *
     * @param characters how many of the secret's it shows
     * @param secrecy how many of these others do not have
     * @param whole whether the secret ends with it
     */
    private record Run(int start, int end, int characters, int secrecy, boolean whole) {}

    private List<Run> runsAt(byte[] text, int at, int from, int to) {
        List<Run> runs = List.of();
        int slot = hash(text, at) >>> tableShift;
        while (table[slot] != 0) {
            int place = table[slot] - 1;
            if (Arrays.equals(secrets, place, place + GRAM, text, at, at + GRAM)) {
                runs = runs.isEmpty() ? new ArrayList<>() : runs;
                runs.add(run(text, at, place, from, to));
            }
            slot = (slot + 1) & (table.length - 1);
        }
        return runs;
    }

    /** What is equal to both sides of a group that is. */
    private Run run(byte[] text, int at, int place, int from, int to) {
        int index = indexOf(place);
        int start = at;
        int first = place;
        while (first > starts[index]) {
            int before = Interruption.before(text, start, from, secrets[first - 1]);
            if (before < 0) {
                break;
            }
            start = before;
            first--;
        }
        int end = at + GRAM;
        int next = place + GRAM;
        while (next < starts[index + 1]) {
            int after = Interruption.after(text, end, to, secrets[next]);
            if (after < 0) {
                break;
            }
            end = after;
            next++;
        }
        int secrecy = next - Math.max(first, starts[index] + known[index]);
        return new Run(start, end, next - first, secrecy, next == starts[index + 1]);
    }

    private int indexOf(int place) {
        int found = Arrays.binarySearch(starts, place);
        return found >= 0 ? found : -found - 2;
    }

    private static int hash(byte[] text, int at) {
        return (int) GROUP.get(text, at) * 0x9E3779B1;
    }
}
