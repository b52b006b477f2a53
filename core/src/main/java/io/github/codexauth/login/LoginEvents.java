package io.github.codexauth.login;

import io.github.codexauth.SecretText;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.LeaseState;
import java.nio.file.Path;
import java.util.List;

/**
 * What an adapter is told while a session lives. Called from several threads, never two at once for one session.
 *
 * <p>No argument but {@link #secrets} holds a secret.
 */
public interface LoginEvents {
    /** These values must not appear in any log from now on. Comes before anything else happens with them. */
    void secrets(List<SecretText> secrets);

    /** A login has been put into the store from the seed. */
    void seeded(Envelope stored);

    /** A given seed was not used, because of what is in the store. */
    void seedIgnored(String reason);

    /** A killed job had left a newer login on this machine, and it is in the store now. */
    void recovered(Envelope stored);

    /**
     * The store had lost its login, and has one again.
     *
     * @param source where it was taken from
     */
    void refilled(Envelope stored, String source);

    /** Codex refreshed the login, and the new one is in the store. */
    void saved(Envelope stored);

    /**
     * As {@link #saved}, though the lease had ended, so that another job may have used the login at the same time. For
     * stores whose leases can end before their holder does.
     */
    default void savedLate(Envelope stored) {
        saved(stored);
    }

    /** The lease is in another state than it was. For stores whose leases can end before their holder does. */
    default void lease(LeaseState state) {}

    /** The file in the home must not take the stored login's place. */
    void rejected(String reason);

    /** The store did not take a refreshed login; it is tried again. */
    void saveFailed(String problem);

    /**
     * The job has moved its login out of the home and linked to it. What is there counts, and stays there when the home
     * is wiped.
     */
    void linkedAway(Path login);

    /**
     * The store did not take the note that the login needs a new one, so that the next job has to find out by itself.
     */
    void notNoted(String problem);

    /** A login could not, or must not, go into the store by itself, and lies here instead. */
    void rescued(Path copy, String reason);

    /**
     * A login must not take the stored one's place, and lies in the store beside it. For stores that keep such.
     *
     * @param stray of the login that was put aside
     */
    default void putAside(Envelope stray, String reason) {}

    /**
     * A login that lay in the store beside another is needed no more, and could not be removed there. For stores that
     * keep such.
     */
    default void stillAside(String name, String problem) {}

    /**
     * A Codex that the job left behind may be refreshing the login, and is waited for. For hosts that can tell somebody
     * meanwhile.
     */
    default void awaitingRefresh() {}

    /** Processes that the job left behind, with this home in use, were ended. */
    void strayProcessesEnded(int count);

    /** Something of the home could not be removed. */
    void notWiped(Path left);
}
