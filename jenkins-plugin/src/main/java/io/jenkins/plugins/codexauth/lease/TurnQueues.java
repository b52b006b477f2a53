package io.jenkins.plugins.codexauth.lease;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.file.CredentialFiles;
import io.github.codexauth.store.file.RepairHints;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Every queue for a login on this controller. One of these serves a controller; two would hand out the same login
 * twice.
 *
 * <p>Safe for use by several threads.
 */
public final class TurnQueues {
    /** Never shrinks: a queue that was removed while somebody was about to join it would let in two. */
    private final Map<Path, TurnQueue> queues = new ConcurrentHashMap<>();

    private final Owners owners;
    private final Executor executor;

    /** @param executor runs what listeners do; never in the caller's thread */
    public TurnQueues(Owners owners, Executor executor) {
        this.owners = owners;
        this.executor = executor;
    }

    TurnQueue queue(Path folder, CredentialId id) {
        return queues.computeIfAbsent(folder, path -> new TurnQueue(files(path, id), owners, executor));
    }

    static CredentialFiles files(Path folder, CredentialId id) {
        String signInAgain =
                "log in again with 'codex login' on a trusted machine, and paste the new auth.json into credential '"
                        + id + "'";
        return new CredentialFiles(
                folder,
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

    /** A build has ended: what it has or waits for is somebody else's. */
    public void ownerEnded() {
        queues.values().forEach(TurnQueue::look);
    }
}
