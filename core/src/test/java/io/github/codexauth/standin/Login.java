package io.github.codexauth.standin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A login that the stand-in knows: which tokens it has been given, and whether it is still alive. */
public final class Login {
    private final String accountId;
    private String userId;
    private final List<Tokens> states = new ArrayList<>();
    private boolean opaque;
    private boolean dead;

    Login(String accountId, String userId) {
        this.accountId = accountId;
        this.userId = userId;
    }

    /** A login that no server knows, for tests without one. */
    public static Login unknownToAnyServer(String accountId, String userId, Instant issuedAt, Duration lifetime) {
        Login login = new Login(accountId, userId);
        login.rotate(issuedAt, lifetime);
        return login;
    }

    /** A forgery of another login: of the same account, with tokens that no server gave out. */
    public static Login unknownToAnyServer(Login forged, Instant issuedAt) {
        return unknownToAnyServer(forged.accountId, forged.userId, issuedAt, Duration.ofDays(10));
    }

    /** Issues the next state, as a refresh does. */
    public synchronized Tokens rotate(Instant now, Duration lifetime) {
        Tokens issued = Tokens.issue(accountId, userId, now, lifetime);
        Tokens next = opaque ? issued.withOpaqueAccessToken() : issued;
        states.add(next);
        return next;
    }

    /** From now on its tokens name this user; none if the name is empty. */
    public synchronized void userIs(String newUserId) {
        userId = newUserId;
    }

    /** From now on its access tokens are no JWTs, and say nothing. */
    public synchronized void accessTokensAreOpaque() {
        opaque = true;
    }

    /** The newest state. */
    public synchronized Tokens current() {
        return states.get(states.size() - 1);
    }

    /** Every state, oldest first. */
    public synchronized List<Tokens> states() {
        return List.copyOf(states);
    }

    /** The newest state as Codex would have written it. */
    public synchronized byte[] authJson() {
        return current().authJson(accountId);
    }

    public synchronized boolean isDead() {
        return dead;
    }

    synchronized void kill() {
        dead = true;
    }
}
