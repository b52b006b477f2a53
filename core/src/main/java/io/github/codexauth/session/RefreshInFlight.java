package io.github.codexauth.session;

import java.nio.file.Path;

/**
 * Whether Codex may be refreshing a login at this moment: between its question to the server and its rename of {@code
 * auth.json} nobody should end it, or the new tokens are nobody's.
 *
 * <p>Two signs, measured on Codex 0.138.0, 0.169.0 and 0.171.0: a Codex that uses the home ({@link CodexProcesses}) has
 * a TCP connection that is not older than a refresh can take, or the file that Codex writes aside is there. Whom it is
 * connected to does not matter: that is a server, or one of many kinds of proxies, and their addresses change. Codex's
 * lock files are no sign: it takes them after the answer, and only to write.
 *
 * <p>Elsewhere than on Linux the file is all that can be seen.
 */
public final class RefreshInFlight {
    private RefreshInFlight() {}

    /**
     * More yes than no: any connection counts, as whoever looks for the first time cannot know its age. Never throws.
     */
    public static boolean isRefreshing(Path home) {
        return new CodexProcesses(home).mayBeRefreshing();
    }
}
