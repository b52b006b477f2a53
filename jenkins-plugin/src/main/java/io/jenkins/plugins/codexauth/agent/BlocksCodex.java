package io.jenkins.plugins.codexauth.agent;

import io.github.codexauth.CodexAuth;
import io.github.codexauth.session.InstalledCodex;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
        Map<String, String> environment = new HashMap<>(agent);
        environment.keySet().removeAll(CodexAuth.CREDENTIAL_VARIABLES);
        if (!path.isEmpty()) {
            environment.put("PATH", path);
        }
        return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "codex"))
                .filter(program -> Files.isRegularFile(program) && Files.isExecutable(program))
                .findFirst()
                .map(program -> InstalledCodex.ask(program, environment));
    }
}
