package io.jenkins.plugins.codexauth.agent;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import io.github.codexauth.home.CodexHome;
import java.nio.file.Path;
import java.util.List;
import jenkins.security.MasterToSlaveCallable;

/** Watches a home again, after the controller or the agent was away. Whatever is in it is sent first. */
public final class WatchHome extends MasterToSlaveCallable<Boolean, InterruptedException> {
    private static final long serialVersionUID = 1L;

    private final String session;
    private final String home;
    private final List<String> secrets;
    /** An exported object's proxy, which can be sent though the interface does not say so. */
    @SuppressFBWarnings("SE_BAD_FIELD")
    private final LoginSink sink;

    public WatchHome(String session, String home, List<String> secrets, LoginSink sink) {
        this.session = session;
        this.home = home;
        this.secrets = secrets;
        this.sink = sink;
    }

    /** Whether the home is still there. */
    @Override
    public Boolean call() throws InterruptedException {
        SessionSecrets.of(session).addRevealed(secrets);
        CodexHome found = CodexHome.existing(Path.of(home));
        if (!found.folder().toFile().isDirectory()) {
            return false;
        }
        HomeWatches.start(session, found, null, sink);
        return true;
    }
}
