package io.github.codexauth.codex;

import io.github.codexauth.CodexAuthException;
import java.nio.file.Path;

/** The Codex that the job would start is too old to keep its credential, or does not say how old it is. */
public final class UnsupportedCodexException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    private UnsupportedCodexException(String problem, String hint) {
        super(problem, hint);
    }

    static UnsupportedCodexException tooOld(CodexVersion version, Path program) {
        return new UnsupportedCodexException(
                "Codex " + version + " (" + program + ") is too old: " + CodexVersion.OLDEST
                        + " is the first that hides the credential from the commands that the model runs",
                "npm install -g @openai/codex; or put a newer one first on the job's PATH");
    }

    static UnsupportedCodexException unknown(Path program) {
        return new UnsupportedCodexException(
                program + " does not say which Codex it is, and one before " + CodexVersion.OLDEST
                        + " would show the credential to the commands that the model runs",
                "make '" + program
                        + " --version' print a line such as 'codex-cli 0.171.0'; a wrapper passes its arguments on"
                        + " with \"$@\"");
    }
}
