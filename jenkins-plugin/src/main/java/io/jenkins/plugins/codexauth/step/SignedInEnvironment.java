package io.jenkins.plugins.codexauth.step;

import hudson.EnvVars;
import io.github.codexauth.CodexAuth;
import io.github.codexauth.handover.TokenAddress;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;

/**
 * Gives a block its variables: the credential's and {@code CODEX_HOME}, in the place of every competing one. Remembers
 * the session's name alone; the values are asked for whenever a process is started.
 */
final class SignedInEnvironment extends EnvironmentExpander {
    /** What Jenkins must not show anywhere. */
    static final Set<String> SENSITIVE = Set.of("CODEX_API_KEY", "CODEX_ACCESS_TOKEN");

    private static final long serialVersionUID = 1L;

    private final String session;

    SignedInEnvironment(String session) {
        this.session = session;
    }

    /** On any other agent than the session's own the block gets nothing. */
    @Override
    public void expand(EnvVars env) {
        String here = env.get("NODE_NAME");
        String there = BuildSessions.get().nodeVariable(session).orElse(here);
        if (here != null && !here.equals(there)) {
            CodexAuth.CREDENTIAL_VARIABLES.forEach(env::remove);
            return;
        }
        enter(session, env);
    }

    /** Gives a session's variables to an environment, and takes those that compete with them out of it. */
    static void enter(String session, EnvVars env) {
        CodexAuth.CREDENTIAL_VARIABLES.forEach(env::remove);
        env.putAll(of(session, env));
    }

    /**
     * A session's variables, as {@link BuildSessions#variables} has them, in an environment that may have an exception
     * from its proxy already.
     *
     * @param env what the block has otherwise
     */
    static Map<String, String> of(String session, Map<String, String> env) {
        Map<String, String> variables = new LinkedHashMap<>(BuildSessions.get().variables(session));
        if (variables.containsKey(TokenAddress.VARIABLE)
                && (env.containsKey("NO_PROXY") || env.containsKey("no_proxy"))) {
            variables.putAll(TokenAddress.pastProxy(env));
        }
        return variables;
    }

    @Override
    public Set<String> getSensitiveVariables() {
        return SENSITIVE;
    }
}
