package io.jenkins.plugins.codexauth.agent;

import io.github.codexauth.AuthJson;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.handover.AccessTokens;
import io.github.codexauth.store.NeedsLogin;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an agent is told that asked for the next access token, in types that may cross a channel. */
public final class TokenAnswer implements Serializable {
    private static final long serialVersionUID = 1L;

    private final byte @Nullable [] authJson;
    private final long generation;
    private final List<String> secrets;
    private final @Nullable String endedBy;
    private final @Nullable Instant since;
    private final String reason;

    private TokenAnswer(
            byte @Nullable [] authJson,
            long generation,
            List<String> secrets,
            @Nullable NeedsLogin needs,
            String reason) {
        this.authJson = authJson;
        this.generation = generation;
        this.secrets = List.copyOf(secrets);
        this.endedBy = needs == null ? null : needs.cause().name();
        this.since = needs == null ? null : needs.since();
        this.reason = reason;
    }

    /**
     * A state that is stored.
     *
     * @param authJson without a refresh token
     * @param secrets what must not be shown in output of that agent from now on
     */
    public static TokenAnswer granted(byte[] authJson, long generation, List<String> secrets) {
        return new TokenAnswer(authJson.clone(), generation, secrets, null, "");
    }

    /** The login has to be made anew, and the controller knows. */
    public static TokenAnswer ended(NeedsLogin needs) {
        return new TokenAnswer(null, 0, List.of(), needs, "");
    }

    /** There is none now; a later question may be answered. */
    public static TokenAnswer unavailable(String reason) {
        return new TokenAnswer(null, 0, List.of(), null, reason);
    }

    List<String> secrets() {
        return secrets;
    }

    AccessTokens.Supply supply() {
        if (endedBy != null && since != null) {
            return new AccessTokens.Ended(new NeedsLogin(since, NeedsLogin.Cause.valueOf(endedBy)));
        }
        if (authJson == null) {
            return new AccessTokens.Unavailable(reason);
        }
        try {
            return new AccessTokens.Granted(AuthJson.parse(authJson, "the controller's answer"), generation);
        } catch (InvalidAuthJsonException e) {
            return new AccessTokens.Unavailable(e.problem());
        }
    }

    @Override
    public String toString() {
        return "TokenAnswer[" + generation + "]";
    }
}
