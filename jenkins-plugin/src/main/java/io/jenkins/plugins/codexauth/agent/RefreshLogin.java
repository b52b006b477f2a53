package io.jenkins.plugins.codexauth.agent;

import hudson.EnvVars;
import io.github.codexauth.codex.AppServer;
import io.github.codexauth.codex.Diagnosis;
import io.github.codexauth.home.CodexHome;
import io.github.codexauth.store.NeedsLogin;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import jenkins.security.MasterToSlaveCallable;
import org.jspecify.annotations.Nullable;

/**
 * Lets the agent's Codex refresh the login in a home. Brings the file as it is then, which the controller has to store.
 */
public final class RefreshLogin extends MasterToSlaveCallable<RefreshLogin.Answer, InterruptedException> {
    private static final long serialVersionUID = 1L;

    /** Without a network Codex would try without end. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final String home;
    private final String path;
    private final boolean force;

    /**
     * @param path the block's PATH; empty for the agent's own
     * @param force refresh a token that has not expired; without it Codex refreshes an expired one only
     */
    public RefreshLogin(String home, String path, boolean force) {
        this.home = home;
        this.path = path;
        this.force = force;
    }

    /** What came of it, in types that may cross a channel. */
    public static final class Answer implements Serializable {
        private static final long serialVersionUID = 1L;

        private final @Nullable String missing;
        private final @Nullable String deadOf;
        private final @Nullable String hindrance;
        private final @Nullable String reason;
        private final byte @Nullable [] authJson;

        private Answer(@Nullable String missing, @Nullable Diagnosis diagnosis, byte @Nullable [] authJson) {
            this.missing = missing;
            this.deadOf =
                    diagnosis instanceof Diagnosis.Dead dead ? dead.cause().name() : null;
            this.hindrance = diagnosis instanceof Diagnosis.Hindered hindered
                    ? hindered.hindrance().name()
                    : null;
            this.reason = diagnosis instanceof Diagnosis.Hindered hindered ? hindered.reason() : null;
            this.authJson = authJson == null ? null : authJson.clone();
        }

        /** Why nobody could be asked, if so: there is no Codex, or none that could be kept safe from signals. */
        public Optional<String> missing() {
            return Optional.ofNullable(missing);
        }

        /** What Codex says. */
        public Diagnosis diagnosis() {
            if (deadOf != null) {
                return new Diagnosis.Dead(NeedsLogin.Cause.valueOf(deadOf));
            }
            return hindrance == null
                    ? new Diagnosis.NoComplaint()
                    : new Diagnosis.Hindered(Diagnosis.Hindrance.valueOf(hindrance), String.valueOf(reason));
        }

        /** The file afterwards; empty if there is none that can be read. */
        public Optional<byte[]> authJson() {
            return Optional.ofNullable(authJson).map(byte[]::clone);
        }

        @Override
        public String toString() {
            return "Answer[" + diagnosis() + "]";
        }
    }

    @Override
    public Answer call() throws InterruptedException {
        AppServer.Lookup lookup = AppServer.find(BlocksCodex.environment(path, EnvVars.masterEnvVars), LIMIT);
        if (lookup instanceof AppServer.Missing none) {
            return new Answer(none.reason(), null, null);
        }
        Path folder = Path.of(home);
        Diagnosis diagnosis = ((AppServer.Found) lookup).server().refresh(folder, force);
        return new Answer(
                null, diagnosis, CodexHome.existing(folder).readAuthJson().orElse(null));
    }
}
