package io.jenkins.plugins.codexauth.session;

import io.github.codexauth.CodexAuthException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The agent could not give the build a home, or the credential could not be used. */
public final class SignInFailedException extends CodexAuthException {
    private static final long serialVersionUID = 1L;

    public SignInFailedException(String problem, String hint) {
        super(problem, hint);
    }

    /**
     * Somebody else has the login for longer than the build waits.
     *
     * @param what what to call the login
     * @param waited how long the build has waited
     * @param holder who has it; null if that is not known
     */
    public static SignInFailedException busy(String what, Duration waited, @Nullable String holder) {
        return new SignInFailedException(
                what + " was busy for "
                        + waited.toString().substring("PT".length()).toLowerCase(Locale.ROOT)
                        + (holder == null ? "" : "; " + holder + " has it"),
                "builds that share a login take turns: allow a longer 'wait', or give this job a login of its own");
    }
}
