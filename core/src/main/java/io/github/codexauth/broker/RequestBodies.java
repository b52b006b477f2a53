package io.github.codexauth.broker;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;

/**
 * What a session's Codex sends, in memory, since it may have to be sent twice: of all of them at once no more than a
 * fixed amount. Whoever comes when that is used up waits.
 */
final class RequestBodies {
    /** OpenAI takes no more with one request than half of this; Codex usually sends some 10 KiB. */
    static final int LONGEST = 32 * 1024 * 1024;

    private static final int KIB = 1024;

    private final Semaphore kibibytes = new Semaphore(LONGEST / KIB, true);

    /** One of them; closed when it is not needed any more. */
    final class Body implements AutoCloseable {
        private final byte[] bytes;
        private final int permits;

        private Body(byte[] bytes, int permits) {
            this.bytes = bytes;
            this.permits = permits;
        }

        byte[] bytes() {
            return bytes;
        }

        @Override
        public void close() {
            kibibytes.release(permits);
        }
    }

    /**
     * Reads one.
     *
     * @param length in bytes, as it was announced, at most {@link #LONGEST}
     */
    Body read(InputStream from, int length) throws IOException, InterruptedException {
        int permits = (length + KIB - 1) / KIB;
        kibibytes.acquire(permits);
        boolean read = false;
        try {
            Body body = new Body(from.readNBytes(length), permits);
            read = true;
            return body;
        } finally {
            if (!read) {
                kibibytes.release(permits);
            }
        }
    }
}
