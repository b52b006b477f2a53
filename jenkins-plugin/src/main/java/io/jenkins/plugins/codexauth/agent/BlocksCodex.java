package io.jenkins.plugins.codexauth.agent;

import io.github.codexauth.CodexAuth;
import io.github.codexauth.codex.InstalledCodex;
import io.github.codexauth.codex.SearchPath;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The Codex that a block's commands would start on this agent. */
final class BlocksCodex {
    private BlocksCodex() {}

    /**
     * Begins to ask it for its version; empty if there is none on the PATH: the block has a way of its own then.
     *
     * @param path the block's PATH; empty for the agent's own
     * @param agent the agent's own variables
     */
    static Optional<InstalledCodex> ask(String path, Map<String, String> agent) {
        Map<String, String> environment = environment(path, agent);
        return SearchPath.in(environment).find("codex").map(program -> InstalledCodex.ask(program, environment));
    }

    /**
     * The variables with which it is started outside of the block: the agent's own without any credential, and the
     * block's PATH.
     */
    static Map<String, String> environment(String path, Map<String, String> agent) {
        Map<String, String> environment = new HashMap<>(agent);
        environment.keySet().removeAll(CodexAuth.CREDENTIAL_VARIABLES);
        if (!path.isEmpty()) {
            environment.put("PATH", path);
        }
        return environment;
    }
}
