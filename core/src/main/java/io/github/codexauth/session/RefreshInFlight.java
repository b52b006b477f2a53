package io.github.codexauth.session;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether Codex may be refreshing a login at this moment: between its question to the server and its rename of {@code auth.json}
 * nobody should end it, or the new tokens are nobody's.
 *
 * <p>Two signs, measured on Codex 0.169.0: a process that uses the home is connected to the server that refreshes
 * ({@link TokenConnection}), or the file that Codex writes aside is there. Its two lock files are no sign: it takes them after the answer, and
 * only to write. Elsewhere than on Linux the answer is always no.
 */
public final class RefreshInFlight {
    private RefreshInFlight() {}

    /** More yes than no: a connection that is merely still open counts. */
    public static boolean isRefreshing(Path home) {
        return hasFileAside(home) || new CodexProcesses(CodexHome.existing(home)).areConnectedToTokenServer();
    }

    private static boolean hasFileAside(Path home) {
        try (DirectoryStream<Path> asides = Files.newDirectoryStream(home, ".auth-*")) {
            return asides.iterator().hasNext();
        } catch (IOException noHome) {
            return false;
        }
    }
}
