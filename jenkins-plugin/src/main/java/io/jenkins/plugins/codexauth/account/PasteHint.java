package io.jenkins.plugins.codexauth.account;

import io.github.codexauth.CodexAuthException;

/** What to do about a credential that cannot be used, in Jenkins' words instead of the command line's. */
public final class PasteHint {
    private PasteHint() {}

    /** The hint for a pasted {@code auth.json}. */
    public static String of(CodexAuthException e) {
        if (e.problem().contains("API key")) {
            return "store the key as Secret text and use withCodexAuth(apiKey: '…')";
        }
        if (e.problem().contains("access token, not")) {
            return "store the token as Secret text and use withCodexAuth(accessToken: '…')";
        }
        return e.hint();
    }
}
