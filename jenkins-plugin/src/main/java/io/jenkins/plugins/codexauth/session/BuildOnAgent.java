package io.jenkins.plugins.codexauth.session;

import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.slaves.WorkspaceList;
import io.github.codexauth.CodexAuth;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A build on an agent, in its workspace there: where a session is.
 *
 * @param build who
 * @param node the agent
 * @param workspace the build's folder on it
 * @param path the PATH of processes that the build starts there; empty for the agent's own
 * @param log what people read
 */
public record BuildOnAgent(Run<?, ?> build, Node node, FilePath workspace, String path, TaskListener log) {
    private static final String HOMES = "codex-auth";

    /** The build as the next in line is told: {@code deploy/main #41}. */
    public static String describe(Run<?, ?> build) {
        return build.getParent().getFullName() + " #" + build.getNumber();
    }

    /**
     * Where private homes are made: beside the workspace, never in it.
     *
     * @throws IOException if the workspace has no place beside it, being the root of a disk
     */
    FilePath homes() throws IOException {
        FilePath beside = WorkspaceList.tempDir(workspace);
        if (beside == null) {
            throw new IOException("there is no place beside the workspace " + workspace.getRemote());
        }
        return beside.child(HOMES);
    }

    /** The name under which the agent is found again; the built-in node's is empty. */
    String nodeName() {
        Computer computer = workspace.toComputer();
        return computer == null ? node.getNodeName() : computer.getName();
    }

    /** The variables of credentials that the agent's own process has, and hands on to every process of a build. */
    Set<String> credentialsOfAgent() throws IOException, InterruptedException {
        Computer computer = workspace.toComputer();
        Set<String> credentials = new HashSet<>(CodexAuth.CREDENTIAL_VARIABLES);
        credentials.retainAll(
                computer == null ? Set.of() : computer.getEnvironment().keySet());
        return credentials;
    }

    /** What to tell of the builds that may run beside this one, as the same user; empty if none can. */
    Optional<String> neighbours() {
        int executors = node.getNumExecutors();
        return executors < 2
                ? Optional.empty()
                : Optional.of(nameOf(nodeName()) + " has " + executors
                        + " executors, and a build beside this one can read what this one has of the credential; set them to 1"
                        + " in Manage Jenkins > Nodes, or let no others run there");
    }

    /** The value of {@code NODE_NAME} in builds on an agent. */
    static String variable(String nodeName) {
        return nodeName.isEmpty() ? "built-in" : nodeName;
    }

    /** What to call an agent in messages. */
    public static String nameOf(@Nullable String nodeName) {
        return nodeName == null || nodeName.isEmpty() ? "the built-in node" : "agent '" + nodeName + "'";
    }
}
