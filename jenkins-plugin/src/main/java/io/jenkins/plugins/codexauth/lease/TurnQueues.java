package io.jenkins.plugins.codexauth.lease;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.file.CredentialFiles;
import io.github.codexauth.store.file.RepairHints;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/**
 * Every queue for a login on this controller. One of these serves a controller; two would hand out the same login
 * twice.
 *
 * <p>Safe for use by several threads.
 */
public final class TurnQueues {
    /** Never shrinks: a queue that was removed while somebody was about to join it would let in two. */
    private final Map<Key, TurnQueue> queues = new ConcurrentHashMap<>();

    private final Owners owners;
    private final Executor executor;

    /** @param executor runs what listeners do; never in the caller's thread */
    public TurnQueues(Owners owners, Executor executor) {
        this.owners = owners;
        this.executor = executor;
    }

    private record Key(String place, CredentialId id) {}

    TurnQueue queue(Place place, CredentialId id) {
        return queues.computeIfAbsent(
                new Key(place.fullName(), id), key -> new TurnQueue(files(place, id), owners, executor));
    }

    /** A folder has another full name: its logins, and whoever has them or waits for them, are to be found there. */
    void placeRenamed(String from, String to) {
        for (Key key : queues.keySet()) {
            TurnQueue moved = key.place().equals(from) ? queues.remove(key) : null;
            if (moved != null) {
                // One that was opened there before we heard of it has read the same file.
                queues.merge(new Key(to, key.id()), moved, (opened, known) -> known.with(opened));
            }
        }
    }

    static CredentialFiles files(Place place, CredentialId id) {
        String signInAgain =
                "log in again with 'codex login' on a trusted machine, and paste the new auth.json into credential '"
                        + id + "'";
        return new CredentialFiles(
                () -> place.root().resolve(id.value()),
                id,
                new RepairHints(
                        "restore the generation before it, on Manage Jenkins, Codex accounts; or " + signInAgain,
                        signInAgain));
    }

    /** Looks at every queue in which somebody waits: builds end in ways that nobody reports. */
    public void look() {
        for (TurnQueue queue : queues.values()) {
            if (queue.isWaitedFor()) {
                queue.look();
            }
        }
    }

    /**
     * Owners have other names now.
     *
     * @param name the new name, given the old one; the same for owners that have theirs still
     */
    void ownersRenamed(UnaryOperator<String> name) {
        queues.values().forEach(queue -> queue.ownersRenamed(name));
    }

    /** A build has ended: what it has or waits for is somebody else's. */
    public void ownerEnded() {
        queues.values().forEach(TurnQueue::look);
    }
}
