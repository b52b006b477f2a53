package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.network.UnusableProxyException;
import java.io.Serial;

/** A credential that the job does not have would go to a server that the job could have chosen. */
final class UntrustedServerException extends CodexAuthException {
    @Serial
    private static final long serialVersionUID = 1L;

    private UntrustedServerException(String problem, String hint) {
        super(problem, hint);
    }

    static UntrustedServerException namedIn(String where) {
        return new UntrustedServerException(
                where + " names a server that is not OpenAI's, and the job could have written that: with --give nothing"
                        + " it would be sent a credential that the job does not have",
                "as root, put the settings below /etc, where no job can write, and name that file: --codex-config;"
                        + " or, where operator and job are one: job-may-write-policy: true");
    }

    static UntrustedServerException behind(UnusableProxyException proxy) {
        return new UntrustedServerException(
                String.valueOf(proxy.getMessage()), "write it as HTTPS_PROXY=http://proxy.example:3128");
    }
}
