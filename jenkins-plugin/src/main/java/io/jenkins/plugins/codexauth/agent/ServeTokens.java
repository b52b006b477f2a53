package io.jenkins.plugins.codexauth.agent;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.EnvVars;
import io.github.codexauth.SecretText;
import io.github.codexauth.handover.Placeholder;
import io.github.codexauth.home.CodexHome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jenkins.security.MasterToSlaveCallable;
import org.jspecify.annotations.Nullable;

/**
 * Opens on the agent the address at which a session's Codex asks for access tokens. Answers the variables that its
 * processes need for it; none if the session's home is gone.
 */
public final class ServeTokens extends MasterToSlaveCallable<Map<String, String>, IOException> {
    private static final long serialVersionUID = 1L;

    private final String session;
    private final String home;
    private final String placeholder;
    private final @Nullable String earlier;
    private final List<String> secrets;
    /** An exported object's proxy, which can be sent though the interface does not say so. */
    @SuppressFBWarnings("SE_BAD_FIELD")
    private final TokenSource source;

    /**
     * @param home the session's home, which has to be there
     * @param placeholder its {@link Placeholder#stem}
     * @param earlier the address that the session's processes know already; null for a new one
     * @param secrets what must not be shown in output of this agent
     */
    public ServeTokens(
            String session,
            String home,
            String placeholder,
            @Nullable String earlier,
            List<String> secrets,
            TokenSource source) {
        this.session = session;
        this.home = home;
        this.placeholder = placeholder;
        this.earlier = earlier;
        this.secrets = List.copyOf(secrets);
        this.source = source;
    }

    @Override
    public Map<String, String> call() throws IOException {
        if (!CodexHome.existing(Path.of(home)).folder().toFile().isDirectory()) {
            return Map.of();
        }
        SessionSecrets.of(session).addRevealed(secrets);
        return new LinkedHashMap<>(TokenAddresses.open(
                        session,
                        Placeholder.of(SecretText.of(placeholder)),
                        earlier == null ? null : URI.create(earlier),
                        source)
                .variables(EnvVars.masterEnvVars));
    }
}
