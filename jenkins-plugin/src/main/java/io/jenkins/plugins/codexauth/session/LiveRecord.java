package io.jenkins.plugins.codexauth.session;

import io.jenkins.plugins.codexauth.agent.SessionSecrets;
import java.io.IOException;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What is known of an open session, in memory and on the disk. Safe for use by several threads.
 *
 * <p>Once the session is over nothing is written any more: its file is gone then, or somebody else's.
 */
final class LiveRecord {
    private static final Logger LOGGER = Logger.getLogger(LiveRecord.class.getName());

    private final SessionFiles files;
    private SessionRecord record;
    private boolean over;

    LiveRecord(SessionFiles files, SessionRecord record) {
        this.files = files;
        this.record = record;
    }

    synchronized SessionRecord now() {
        return record;
    }

    synchronized boolean isOver() {
        return over;
    }

    /** The session has ended, or is nobody's any more. */
    synchronized void end() {
        over = true;
    }

    /** Writes a change down, and every secret that is hidden by now: what a restart has to know. */
    synchronized void change(UnaryOperator<SessionRecord> change) throws IOException {
        record = change.apply(record)
                .withSecrets(SessionSecrets.of(record.session()).revealed());
        if (!over) {
            files.write(record);
        }
    }

    /**
     * As the other, for a change without which the session goes on.
     *
     * @param lost what is not known after a restart if it cannot be written
     */
    synchronized void changeIfPossible(UnaryOperator<SessionRecord> change, String lost) {
        try {
            change(change);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "cannot write down of " + record + ": " + lost);
        }
    }

    /**
     * Only what was hidden since is new; so a refresh is stored first, and without it the stored login's tokens are
     * hidden anyway.
     */
    synchronized void addSecrets() {
        if (!over && !SessionSecrets.of(record.session()).revealed().equals(record.secrets())) {
            changeIfPossible(same -> same, "some tokens that are to be hidden");
        }
    }

    /** Its build or its account has another name. */
    synchronized void moved(UnaryOperator<SessionRecord> change) {
        if (!over && !change.apply(record).equals(record)) {
            changeIfPossible(change, "that it is at work under another name");
        }
    }
}
