package io.jenkins.plugins.codexauth.agent;

import io.github.codexauth.home.CodexHome;
import java.nio.file.Path;
import jenkins.security.MasterToSlaveCallable;
import org.jspecify.annotations.Nullable;

/** Removes a home whose login the controller has. Answers what could not be removed, null if all is gone. */
public final class WipeHome extends MasterToSlaveCallable<@Nullable String, RuntimeException> {
    private static final long serialVersionUID = 1L;

    private final String session;
    private final String home;

    public WipeHome(String session, String home) {
        this.session = session;
        this.home = home;
    }

    @Override
    public @Nullable String call() {
        SessionSecrets.forget(session);
        return CodexHome.existing(Path.of(home)).wipe().map(Path::toString).orElse(null);
    }
}
