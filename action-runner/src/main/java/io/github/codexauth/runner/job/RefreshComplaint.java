package io.github.codexauth.runner.job;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Notices when a job's Codex says that it could not refresh its login. Anybody can print that sentence, so it proves
 * nothing: it is a reason to let Codex find out after the job.
 *
 * <p>Safe for use by several threads, each with a stream of its own.
 */
final class RefreshComplaint {
    /**
     * As Codex 0.169.0 begins every reason. Its first letter comes once, so a mismatch never hides another beginning.
     */
    private static final byte[] SENTENCE =
            "Your access token could not be refreshed".getBytes(StandardCharsets.US_ASCII);

    private volatile boolean heard;

    /** Whether any of the streams said so by now. */
    boolean wasHeard() {
        return heard;
    }

    /** The same stream, listened to while it is read. */
    InputStream listenTo(InputStream stream) {
        return new FilterInputStream(stream) {
            private int matched;

            @Override
            public int read() throws IOException {
                int b = super.read();
                if (b >= 0) {
                    listen((byte) b);
                }
                return b;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = super.read(bytes, offset, length);
                for (int i = 0; i < count && !heard; i++) {
                    listen(bytes[offset + i]);
                }
                return count;
            }

            private void listen(byte b) {
                if (b == SENTENCE[matched]) {
                    matched++;
                } else {
                    matched = b == SENTENCE[0] ? 1 : 0;
                }
                if (matched == SENTENCE.length) {
                    heard = true;
                    matched = 0;
                }
            }
        };
    }
}
