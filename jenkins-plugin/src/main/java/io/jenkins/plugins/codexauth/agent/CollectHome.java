package io.jenkins.plugins.codexauth.agent;

import io.github.codexauth.home.CodexHome;
import io.github.codexauth.home.Patience;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jenkins.security.MasterToSlaveCallable;
import org.jspecify.annotations.Nullable;

/**
 * Ends the watch of a home, its token address, and Codex processes that outlived their build, and brings every file
 * that may hold the login. If that is what the controller has already, the home is wiped on the same trip; else it
 * stays until the controller has stored what is in it.
 */
public final class CollectHome extends MasterToSlaveCallable<CollectHome.Found, InterruptedException> {
    private static final long serialVersionUID = 1L;

    private final String session;
    private final String home;
    private final byte @Nullable [] known;

    /**
     * @param known the login as the controller has it; null where there is none to keep, so that the home is wiped in
     *     any case
     */
    public CollectHome(String session, String home, byte @Nullable [] known) {
        this.session = session;
        this.home = home;
        this.known = known;
    }

    /**
     * What was found.
     *
     * @param files every file that may hold the login, {@code auth.json} first; empty if the home is gone
     * @param exists whether there was a home at all
     * @param unreadable a login that cannot be read, because the build ran Codex as another user; then the home stays
     * @param linked where the build had moved the login, to which its home then linked
     * @param strays how many processes were ended
     * @param heard what Codex complained of in output that was made there
     * @param wiped whether the home is gone now
     * @param left what could not be removed
     */
    public record Found(
            List<byte[]> files,
            boolean exists,
            @Nullable String unreadable,
            @Nullable String linked,
            int strays,
            SessionComplaints.Heard heard,
            boolean wiped,
            @Nullable String left)
            implements Serializable {
        private static final long serialVersionUID = 1L;

        /** The same after the home was wiped. */
        public Found wiped(@Nullable String left) {
            return new Found(files, exists, unreadable, linked, strays, heard, true, left);
        }

        @Override
        public String toString() {
            return "Found[" + files.size() + " files]";
        }
    }

    @Override
    public Found call() throws InterruptedException {
        TokenAddresses.close(session);
        HomeWatches.stop(session);
        CodexHome found = CodexHome.existing(Path.of(home));
        boolean exists = found.folder().toFile().isDirectory();
        // A key is not refreshed, so nothing is waited for.
        int strays = found.endProcesses(known == null ? Patience.NONE : Patience.UNHURRIED);
        List<byte[]> files = new ArrayList<>(found.candidates());
        String unreadable = found.unreadableLogin().map(Path::toString).orElse(null);
        String linked = found.linkedLogin().map(Path::toString).orElse(null);
        SessionComplaints.Heard heard = SessionComplaints.take(session);
        boolean nothingNew = known == null || files.size() == 1 && Arrays.equals(files.get(0), known);
        if (unreadable != null || !nothingNew) {
            return new Found(files, exists, unreadable, linked, strays, heard, false, null);
        }
        Optional<Path> left = found.wipe();
        SessionSecrets.forget(session);
        return new Found(
                files,
                exists,
                null,
                linked,
                strays,
                heard,
                true,
                left.map(Path::toString).orElse(null));
    }
}
