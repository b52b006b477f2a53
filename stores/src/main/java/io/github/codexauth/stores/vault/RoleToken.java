package io.github.codexauth.stores.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.SecretText;
import io.github.codexauth.stores.remote.Failure;
import io.github.codexauth.stores.remote.ServerJson;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A token of our own, for a role that the token of our job or pod stands for. When half of its time is over it is
 * renewed, and replaced by another where that cannot be. Never written down.
 */
final class RoleToken implements Tokens {
    private static final String RENEW = "auth/token/renew-self";

    private final Wire wire;
    private final Refusals refusals;
    private final SignIn.ByRole role;
    private final Shown shown;
    private @Nullable Session session;
    private Duration granted = Duration.ZERO;

    RoleToken(Wire wire, Refusals refusals, SignIn.ByRole role, Shown shown) {
        this.wire = wire;
        this.refusals = refusals;
        this.role = role;
        this.shown = shown;
    }

    /**
     * What the server gave.
     *
     * @param since by the monotonic clock, before it was asked for
     * @param lasts zero for one that never ends
     */
    private record Session(SecretText token, long since, Duration lasts, boolean isRenewable) {
        boolean isHalfOver() {
            return !lasts.isZero() && System.nanoTime() - since > lasts.toNanos() / 2;
        }

        /** A token that comes to its longest time is renewed for less and less. */
        boolean lastsAsLongAs(Duration granted) {
            return lasts.compareTo(granted.dividedBy(2)) >= 0;
        }
    }

    @Override
    public synchronized SecretText now() throws Failure {
        @Nullable Session known = session;
        if (known == null) {
            return signIn();
        }
        return known.isHalfOver() ? prolonged(known) : known.token();
    }

    @Override
    public synchronized Optional<SecretText> instead(SecretText refused) throws Failure {
        @Nullable Session known = session;
        if (known != null && !known.token().reveal().equals(refused.reveal())) {
            return Optional.of(known.token());
        }
        return Optional.of(signIn());
    }

    /** As long as the old one is good, nothing that goes wrong here matters. */
    private SecretText prolonged(Session old) {
        try {
            if (old.isRenewable()) {
                long since = System.nanoTime();
                Reply reply = wire.send("POST", RENEW, Optional.of(ServerJson.object()), Optional.of(old.token()));
                Optional<Session> renewed = session(reply, since);
                if (renewed.isPresent() && renewed.get().lastsAsLongAs(granted)) {
                    session = renewed.get();
                    return renewed.get().token();
                }
            }
            return signIn();
        } catch (Failure later) {
            return old.token();
        }
    }

    private SecretText signIn() throws Failure {
        ObjectNode asked = ServerJson.object()
                .put("role", role.role())
                .put("jwt", shown.read().reveal());
        long since = System.nanoTime();
        Reply reply;
        try {
            reply = wire.send("POST", "auth/" + role.method() + "/login", Optional.of(asked), Optional.empty());
        } catch (Failure unanswered) {
            throw unsent(unanswered);
        }
        Optional<Session> begun = session(reply, since);
        if (begun.isPresent()) {
            session = begun.get();
            granted = begun.get().lasts();
            return begun.get().token();
        }
        if (reply.status() == 400 || reply.status() == 401 || reply.status() == 403 || reply.status() == 404) {
            throw refusals.noRole(role, reply.status());
        }
        throw unsent(refusals.answered(reply, Right.write("auth/" + role.method() + "/login")));
    }

    /** Whatever became of the sign-in, what it was for has not been sent. */
    private static Failure unsent(Failure failure) {
        return failure.kind() == Failure.Kind.UNANSWERED
                ? new Failure(Failure.Kind.UNREACHED, failure.told(), failure.rest())
                : failure;
    }

    private static Optional<Session> session(Reply reply, long since) {
        JsonNode auth = reply.body().path("auth");
        String token = auth.path("client_token").asText();
        return reply.status() == 200 && token.matches("[!-~]+")
                ? Optional.of(new Session(
                        SecretText.of(token),
                        since,
                        Duration.ofSeconds(auth.path("lease_duration").asLong()),
                        auth.path("renewable").asBoolean()))
                : Optional.empty();
    }
}
