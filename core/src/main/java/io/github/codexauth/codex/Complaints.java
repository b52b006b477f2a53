package io.github.codexauth.codex;

import java.io.InputStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * What an app-server complains of on its stderr. Lines are compared with those we know and then forgotten: none is ever
 * shown, since the older versions print whole answers of the server.
 *
 * <p>The sentences are those of Codex 0.138.0 to 0.169.0, tried one by one against a stand-in.
 */
final class Complaints {
    /**
     * What makes an app-server say them; its own default shows errors alone. Warnings of all modules, since the one
     * about an unknown answer must not be missed because its module got another name.
     */
    static final String LOG_FILTER = "warn,rustls=debug";

    private static final String FAILED = "[Ff]ailed to refresh token";
    private static final int LONGEST = 4096;
    private static final Pattern COLOR = Pattern.compile("\u001b\\[[0-9;]*m");

    /** One thing that Codex may say. */
    enum Complaint {
        REUSED("refresh token was already used|" + FAILED + ": 40[01].*\"refresh_token_reused\""),
        EXPIRED("refresh token has expired|" + FAILED + ": 40[01].*\"refresh_token_expired\""),
        REVOKED("refresh token was revoked|" + FAILED + ": 40[01].*\"refresh_token_invalidated\""),
        /** An answer to a forced refresh, of which newer versions print no more than this. */
        REFUSED(FAILED + " status=40[01]\\b"),
        /** The answer before was none of the three that end a login. */
        UNKNOWN_ANSWER("Encountered unknown (401 )?response while refreshing token"),
        /** Every other status, which says nothing of the login. */
        SERVER_ERROR(FAILED + "(: | status=)(?!40[01])\\d{3}\\b"),
        NO_CONNECTION(FAILED + "[^:]*: error sending request"),
        /** To any server, such as GitHub, where Codex looks for plugins: not every runner may speak with that. */
        NO_CONNECTION_ANYWHERE("error sending request"),
        /** The server spoke TLS with us; said only where a CA bundle of the user's is in use. */
        TLS_BEGUN("Using ciphersuite"),
        UNREADABLE_CA_BUNDLE("failed to load custom CA bundle");

        private final Pattern sentence;

        Complaint(String sentence) {
            this.sentence = Pattern.compile(sentence);
        }
    }

    private static final Set<Complaint> OF_ANY_SERVER =
            EnumSet.of(Complaint.TLS_BEGUN, Complaint.NO_CONNECTION_ANYWHERE);

    private final Set<Complaint> heard = EnumSet.noneOf(Complaint.class);
    private final Thread listener;

    private Complaints(InputStream stream) {
        this.listener = new Thread(() -> Lines.read(stream, LONGEST, this::understand), "app-server complaints");
        this.listener.setDaemon(true);
    }

    /** Starts listening, in a daemon thread. */
    static Complaints of(InputStream stream) {
        Complaints complaints = new Complaints(stream);
        complaints.listener.start();
        return complaints;
    }

    /**
     * All that is heard until the stream ends, or the time is over: what the server left behind may have the other end
     * open.
     */
    Set<Complaint> await(Duration atMost) throws InterruptedException {
        listener.join(atMost.toMillis());
        synchronized (this) {
            return Set.copyOf(heard);
        }
    }

    /** Waits until there is a complaint of the server for logins, or the time is over. */
    synchronized void awaitFirst(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        for (long left = atMost.toMillis(); left > 0 && OF_ANY_SERVER.containsAll(heard); ) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
    }

    private synchronized void understand(String line) {
        String plain = COLOR.matcher(line).replaceAll("");
        for (Complaint complaint : Complaint.values()) {
            if (complaint.sentence.matcher(plain).find()) {
                heard.add(complaint);
                notifyAll();
            }
        }
    }
}
