package io.jenkins.plugins.codexauth.step;

import hudson.model.TaskListener;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.InvalidCredentialException;
import io.github.codexauth.login.LoginNeededException;
import io.github.codexauth.trust.Refusal;
import io.github.codexauth.trust.UntrustedJobException;
import io.jenkins.plugins.codexauth.account.PasteHint;
import io.jenkins.plugins.codexauth.session.BuildLog;

/**
 * Tells a build's log what was found and what to do about it, in Jenkins' words where the library's are the command
 * line's.
 */
final class Failures {
    private Failures() {}

    static void tell(TaskListener log, CodexAuthException failure) {
        if (failure instanceof UntrustedJobException untrusted) {
            for (Refusal refusal : untrusted.refusals()) {
                BuildLog.fail(log, refusal.found(), refusal.fix());
            }
        } else {
            BuildLog.fail(log, failure.problem(), hint(failure));
        }
    }

    private static String hint(CodexAuthException failure) {
        if (failure instanceof InvalidAuthJsonException) {
            return PasteHint.of(failure);
        }
        if (failure instanceof LoginNeededException) {
            return "log in with 'codex login' on your own machine and paste the new auth.json into the credential; the next build"
                    + " takes it";
        }
        if (failure instanceof InvalidCredentialException) {
            return "look at the Secret text: the key or token alone, on one line, and the option of withCodexAuth that is for it";
        }
        return failure.hint();
    }
}
