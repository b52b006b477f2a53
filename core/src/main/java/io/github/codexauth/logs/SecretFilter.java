package io.github.codexauth.logs;

import io.github.codexauth.SecretText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Copies streams and replaces every secret by {@code ***}, wherever the chunks are cut, also secrets that become known
 * while a stream is being copied.
 *
 * <p>Nothing waits but what could be part of a secret that goes on: a long piece of one, or more than {@link #SHOWN}
 * bytes at the end of what has arrived that are how a secret begins. Up to that many are passed on at once, so that no
 * prompt hangs; they are the part that all tokens of a kind share ({@code eyJh}, {@code sk-p}), and should the secret
 * follow, the rest of it is still replaced.
 *
 * <p>A secret may be printed the moment it is born, before anybody has told us of it. So before any output leaves, a
 * {@link Lookout} looks for new ones, after that output has arrived.
 *
 * <p>Safe for use by several threads.
 */
public final class SecretFilter {
    private static final byte[] MASK = "***".getBytes(StandardCharsets.US_ASCII);
    private static final int SHOWN = 4;

    /** What a Linux pipe holds (pipe(7)), so that one read empties it. */
    private static final int CHUNK = 64 * 1024;

    /** What most streams ever hold back; a job has many of them, and few carry whole chunks. */
    private static final int SMALL = 8 * 1024;

    /**
     * With so many characters a matcher is full: what is added then begins another, and nothing that is known is
     * indexed once more. Those of some refreshes are in one, so that few streams are looked through twice.
     */
    private static final int FULL = 256 * 1024;

    private final Set<String> forms = new HashSet<>();
    private final List<String> shortOnes = new ArrayList<>();
    private final List<PieceMatcher> full = new ArrayList<>();
    /** What the last matcher, which is not full, looks for. */
    private final List<String> longOnes = new ArrayList<>();

    private int lengthOfLongOnes;

    private final Lookout lookout;
    private volatile Matchers matchers = new Matchers(SecretMatcher.NOTHING, List.of());

    /** A filter for secrets that somebody {@link #add adds} in time. */
    public SecretFilter() {
        this(() -> {});
    }

    /** @param lookout looks before each chunk of output leaves, so it has to be quick */
    public SecretFilter(Lookout lookout) {
        this.lookout = lookout;
    }

    /** Knows where new secrets appear. */
    @FunctionalInterface
    public interface Lookout {
        /** {@link #add Adds} whatever has appeared by now. Called by every thread that copies. */
        void look();
    }

    /** From now on these are replaced. */
    public synchronized void add(List<SecretText> secrets) {
        boolean more = false;
        for (SecretText secret : secrets) {
            for (String form : SecretForms.forFilter(secret)) {
                if (forms.add(form)) {
                    more = true;
                    if (form.length() < PieceMatcher.SHORTEST) {
                        shortOnes.add(form);
                    } else {
                        longOnes.add(form);
                        lengthOfLongOnes += form.length();
                    }
                }
            }
        }
        if (more) {
            matchers = new Matchers(
                    shortOnes.isEmpty() ? SecretMatcher.NOTHING : new SecretMatcher(shortOnes), longMatchers());
        }
    }

    private List<PieceMatcher> longMatchers() {
        List<PieceMatcher> all = new ArrayList<>(full);
        if (!longOnes.isEmpty()) {
            all.add(new PieceMatcher(longOnes));
        }
        if (lengthOfLongOnes >= FULL) {
            full.clear();
            full.addAll(all);
            longOnes.clear();
            lengthOfLongOnes = 0;
        }
        return List.copyOf(all);
    }

    /** What looks for short secrets, and for pieces of long ones. */
    private record Matchers(SecretMatcher shortOnes, List<PieceMatcher> longOnes) {
        List<SecretMatcher.Place> find(byte[] text, int to) {
            List<SecretMatcher.Place> found = shortOnes.find(text, 0, to);
            for (PieceMatcher matcher : longOnes) {
                found = inOrder(found, matcher.find(text, 0, to));
            }
            return found;
        }

        private static List<SecretMatcher.Place> inOrder(
                List<SecretMatcher.Place> some, List<SecretMatcher.Place> others) {
            if (some.isEmpty() || others.isEmpty()) {
                return some.isEmpty() ? others : some;
            }
            List<SecretMatcher.Place> all = new ArrayList<>();
            Stream.concat(some.stream(), others.stream())
                    .sorted(Comparator.comparing(SecretMatcher.Place::start))
                    .forEach(place -> SecretMatcher.append(all, place));
            return all;
        }

        /** Where the text's end begins to be part of a secret that goes on. */
        int unfinished(byte[] text, int to) {
            int from = shortOnes.unfinished(text, Math.max(0, to - shortOnes.longest()), to);
            for (PieceMatcher matcher : longOnes) {
                from = Math.min(from, matcher.unfinished(text, 0, to));
            }
            return from;
        }
    }

    /**
     * A stream that writes to another without secrets. Closing it writes what it still held back, and closes the other.
     * For one thread at a time.
     */
    public OutputStream protect(OutputStream to) {
        return new Protected(new Copy(to), to);
    }

    /** Copies until the end of {@code from}; flushes after every chunk that arrived. */
    public void copy(InputStream from, OutputStream to) throws IOException {
        Copy copy = new Copy(to);
        while (copy.takeFrom(from)) {
            to.flush();
        }
        copy.end();
        to.flush();
    }

    /** A {@link Copy} that somebody writes to. */
    private static final class Protected extends OutputStream {
        private final Copy copy;
        private final OutputStream to;

        /** Single bytes wait for the end of their line: one by one, the beginning of a secret would be shown. */
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        private boolean closed;

        Protected(Copy copy, OutputStream to) {
            this.copy = copy;
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            bytes.write(b);
            if (b == '\n' || bytes.size() >= SMALL) {
                passOn();
            }
        }

        @Override
        public void write(byte[] chunk, int offset, int length) throws IOException {
            passOn();
            copy.take(chunk, offset, length);
        }

        @Override
        public void flush() throws IOException {
            passOn();
            to.flush();
        }

        private void passOn() throws IOException {
            if (bytes.size() > 0) {
                byte[] chunk = bytes.toByteArray();
                bytes.reset();
                copy.take(chunk, 0, chunk.length);
            }
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            try (to) {
                passOn();
                copy.end();
            }
        }
    }

    /** One stream on its way. */
    private final class Copy {
        private final OutputStream to;

        /**
         * What has arrived and may still be part of a secret. Its first {@code shown} bytes are in the output already.
         */
        private byte[] pending = new byte[SMALL];

        private int length;
        private int shown;

        Copy(OutputStream to) {
            this.to = to;
        }

        void take(byte[] chunk, int offset, int count) throws IOException {
            makeRoom(count);
            System.arraycopy(chunk, offset, pending, length, count);
            length += count;
            show();
        }

        /** Takes the next chunk straight from a stream; answers false at its end. */
        boolean takeFrom(InputStream from) throws IOException {
            makeRoom(CHUNK);
            int read = from.read(pending, length, CHUNK);
            if (read < 0) {
                return false;
            }
            length += read;
            show();
            return true;
        }

        private void makeRoom(int count) {
            if (length + count > pending.length) {
                pending = Arrays.copyOf(pending, length + count + SMALL);
            }
        }

        private void show() throws IOException {
            lookout.look();
            Matchers now = matchers;
            List<SecretMatcher.Place> places = now.find(pending, length);
            int keepFrom = now.unfinished(pending, length);
            // What is kept but short is shown, and stays here only to recognize the rest by.
            int showUpTo = length - keepFrom <= SHOWN ? length : keepFrom;
            showBefore(showUpTo, places);
            if (showUpTo > shown) {
                to.write(pending, shown, showUpTo - shown);
                shown = showUpTo;
            }
            drop(keepFrom);
        }

        void end() throws IOException {
            lookout.look();
            showBefore(length, matchers.find(pending, length));
            if (length - shown >= 2 * SHOWN) {
                // A secret cut off by the stream's end is most of a secret.
                to.write(MASK);
            } else {
                to.write(pending, shown, length - shown);
            }
        }

        /** Writes everything up to the last secret that begins before {@code end}, with the secrets replaced. */
        private void showBefore(int end, List<SecretMatcher.Place> places) throws IOException {
            for (SecretMatcher.Place place : places) {
                int placeEnd = Math.min(place.end(), end);
                if (placeEnd <= shown || place.start() >= end) {
                    continue;
                }
                if (place.start() > shown) {
                    to.write(pending, shown, place.start() - shown);
                }
                to.write(MASK);
                shown = placeEnd;
            }
        }

        private void drop(int count) {
            int from = Math.min(count, length);
            System.arraycopy(pending, from, pending, 0, length - from);
            length -= from;
            shown = Math.max(0, shown - from);
        }
    }
}
