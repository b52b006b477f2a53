package io.github.codexauth.codex;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.commons.io.input.ObservableInputStream;

/**
 * Notices when a job's Codex says that it could not refresh its login, or could not ask for its next access token.
 * Anybody can print such a sentence, so it proves nothing: it is a reason to let Codex find out after the job, or to
 * tell people where to look.
 *
 * <p>Safe for use by several threads, each with a stream of its own.
 */
public final class RefreshComplaint {
    /** As Codex 0.169.0 begins every reason. */
    private static final Sentence NOT_REFRESHED = new Sentence("Your access token could not be refreshed");

    /** The end of what Codex 0.171.0 says then: {@code error sending request for url (http://…/oauth/token)}. */
    private static final Sentence ADDRESS_NOT_REACHED = new Sentence("/oauth/token)");

    private final Sentence sentence;
    private volatile boolean heard;

    private RefreshComplaint(Sentence sentence) {
        this.sentence = sentence;
    }

    /** That a login could not be refreshed. */
    public RefreshComplaint() {
        this(NOT_REFRESHED);
    }

    /** That Codex did not reach the address at which it was to ask for the next access token. */
    public static RefreshComplaint ofAddressNotReached() {
        return new RefreshComplaint(ADDRESS_NOT_REACHED);
    }

    /** Whether any of the streams said so by now. */
    public boolean wasHeard() {
        return heard;
    }

    /** The same stream, listened to while it is read. */
    public InputStream listenTo(InputStream stream) {
        Ear ear = new Ear();
        return new ObservableInputStream(stream, new ObservableInputStream.Observer() {
            @Override
            public void data(int b) {
                ear.hear(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void data(byte[] bytes, int offset, int count) {
                ear.hear(bytes, offset, count);
            }
        });
    }

    /** The same stream, listened to while it is written. */
    public OutputStream listenTo(OutputStream stream) {
        Ear ear = new Ear();
        return new FilterOutputStream(stream) {
            @Override
            public void write(int b) throws IOException {
                ear.hear(new byte[] {(byte) b}, 0, 1);
                out.write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                ear.hear(bytes, offset, length);
                out.write(bytes, offset, length);
            }
        };
    }

    /** Hears one stream. */
    private final class Ear {
        /**
         * The end of what came before, in which the sentence may have begun; with room for the beginning of what comes
         * next.
         */
        private final byte[] seam = new byte[2 * (sentence.length() - 1)];

        private int kept;

        void hear(byte[] bytes, int offset, int count) {
            if (heard || count == 0) {
                return;
            }
            int head = Math.min(count, sentence.length() - 1);
            System.arraycopy(bytes, offset, seam, kept, head);
            if (sentence.isIn(seam, 0, kept + head) || sentence.isIn(bytes, offset, offset + count)) {
                heard = true;
            }
            int tail = Math.min(kept + count, sentence.length() - 1);
            if (count >= tail) {
                System.arraycopy(bytes, offset + count - tail, seam, 0, tail);
            } else {
                System.arraycopy(seam, kept + count - tail, seam, 0, tail);
            }
            kept = tail;
        }
    }

    /** What is listened for. */
    private static final class Sentence {
        private final byte[] words;

        /**
         * By how much a window of the sentence's length may move on, by its last byte (Horspool): output passes at its
         * own speed, since most of it is looked at once in forty bytes.
         */
        private final int[] moves = new int[256];

        Sentence(String words) {
            this.words = words.getBytes(StandardCharsets.US_ASCII);
            Arrays.fill(moves, length());
            for (int i = 0; i < length() - 1; i++) {
                moves[this.words[i] & 0xFF] = length() - 1 - i;
            }
        }

        int length() {
            return words.length;
        }

        boolean isIn(byte[] bytes, int from, int to) {
            int last = length() - 1;
            for (int at = from; at + last < to; at += moves[bytes[at + last] & 0xFF]) {
                if (Arrays.equals(bytes, at, at + length(), words, 0, length())) {
                    return true;
                }
            }
            return false;
        }
    }
}
