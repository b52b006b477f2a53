package io.github.codexauth.login;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.NeedsLogin;
import java.time.temporal.ChronoUnit;

/** The login cannot be refreshed any more, so a job is told now what Codex would tell it later and less clearly. */
public final class LoginNeededException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    private final transient NeedsLogin needs;

    public LoginNeededException(CredentialId id, NeedsLogin needs) {
        super(describe(id, needs), whatToDo(id, needs));
        this.needs = needs;
    }

    /** Since when, and why. */
    public NeedsLogin needs() {
        return needs;
    }

    /** The sentence that people are told, also where nothing fails. */
    public static String describe(CredentialId id, NeedsLogin needs) {
        return "the login of credential '" + id + "' "
                + (needs.cause().isMove() ? "is not here any more: " : "has ended and needs a new one: ")
                + needs.cause().sentence() + " (" + needs.cause().label() + ", known since "
                + needs.since().truncatedTo(ChronoUnit.SECONDS) + ")";
    }

    /** What ends this state. */
    public static String whatToDo(CredentialId id, NeedsLogin needs) {
        if (needs.cause().isMove()) {
            return "name that store: --store ADDRESS; if it has no such login, because the move was broken off, start the"
                    + " move again: codex-auth store copy";
        }
        return "log in again with 'codex login' on a trusted machine, then: codex-auth seed --replace --id " + id
                + " --seed-file auth.json; or, where there is no browser: codex-auth seed --device --id " + id;
    }
}
