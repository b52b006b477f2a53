package io.jenkins.plugins.codexauth.account;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.login.Seed;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Occupancy;
import io.jenkins.plugins.codexauth.lease.JenkinsCredentialStore;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** An account as a page shows it: a snapshot, without any secret. */
public final class AccountState {
    private static final Logger LOGGER = Logger.getLogger(AccountState.class.getName());

    private final String place;
    private final CredentialId id;
    private final Instant now;
    private final boolean elsewhere;
    private final @Nullable Envelope stored;
    private final @Nullable LoginFacts login;
    private final @Nullable String damage;
    private final @Nullable Occupancy occupancy;
    private final List<Holder> waiting;
    private final boolean pastedIsNewer;
    private final int rescued;
    private final @Nullable String claimedBy;

    /** Reads what is stored. */
    @FunctionalInterface
    interface Peek {
        Optional<Envelope> stored() throws CodexAuthException;
    }

    private AccountState(
            String place,
            CredentialId id,
            JenkinsCredentialStore store,
            boolean elsewhere,
            Peek peek,
            @Nullable Seed pasted,
            Instant now) {
        this.elsewhere = elsewhere;
        this.place = place;
        this.id = id;
        this.now = now;
        Envelope found = null;
        String problem = null;
        try {
            found = peek.stored().orElse(null);
        } catch (CodexAuthException e) {
            problem = e.problem();
        }
        this.stored = found;
        this.damage = problem;
        this.pastedIsNewer = found != null && pasted != null && replaces(pasted, found);
        // The next build works with the pasted one, should the stored one be dead.
        boolean pastedCounts =
                found == null || pastedIsNewer && found.needsLogin().isPresent();
        this.login = found != null && !pastedCounts
                ? LoginFacts.of(found)
                : pasted != null && problem == null ? LoginFacts.of(pasted.auth()) : null;
        this.occupancy = store.occupancy(id).orElse(null);
        this.waiting = store.waiting(id);
        this.claimedBy = pasted == null || problem != null ? null : claimedBy(getFullName(), pasted, found);
        this.rescued = LoginPlace.here(store, id).rescue().copies(id).size();
    }

    /** The state of a credential's login. A store on a server is asked, and waited for. */
    public static AccountState of(CodexAccount account, Instant now) {
        return of(account, () -> account.logins().store().peek(account.id()), now);
    }

    /** @param peek reads what is stored for the account */
    static AccountState of(CodexAccount account, Peek peek, Instant now) {
        return new AccountState(
                account.place(),
                account.id(),
                account.store(),
                account.isElsewhere(),
                peek,
                pasted(account.credential()),
                now);
    }

    /** The state of a stored login whose credential is gone. */
    public static AccountState withoutCredential(
            String place, CredentialId id, JenkinsCredentialStore store, Instant now) {
        return new AccountState(place, id, store, false, () -> store.peek(id), null, now);
    }

    private static @Nullable Seed pasted(CodexAccountCredentials credential) {
        try {
            return credential.seed().orElse(null);
        } catch (InvalidAuthJsonException unusable) {
            return null;
        }
    }

    private static @Nullable String claimedBy(String account, Seed pasted, @Nullable Envelope stored) {
        try {
            return SeedClaims.get()
                    .other(account, pasted, Optional.ofNullable(stored))
                    .orElse(null);
        } catch (IOException unknown) {
            LOGGER.log(Level.WARNING, unknown, () -> "cannot tell whether another account has the login of " + account);
            return null;
        }
    }

    /** Another account's login that was never used here is a person's decision, which the next build carries out. */
    private static boolean replaces(Seed pasted, Envelope stored) {
        Seed.Fit fit = pasted.fit(stored);
        return fit == Seed.Fit.NEW || fit == Seed.Fit.FOREIGN;
    }

    /** Whether a store on a server keeps it, and not this controller. */
    public boolean isElsewhere() {
        return elsewhere;
    }

    /** The full name of its folder; empty for Jenkins itself. */
    public String getPlace() {
        return place;
    }

    public String getId() {
        return id.value();
    }

    /** What to call it: {@code codex-ci}, or {@code team/codex-ci}. */
    public String getFullName() {
        return CodexAccount.fullName(place, id.value());
    }

    /** Where its login comes from, in a word or two. */
    public String getState() {
        if (isDamaged()) {
            return "Damaged";
        }
        return stored == null ? "Pasted, no build yet" : "Stored";
    }

    public boolean isStored() {
        return stored != null;
    }

    /** Whether what is stored cannot be read. */
    public boolean isDamaged() {
        return !elsewhere && (damage != null || login == null);
    }

    /** Whether there may be a generation before the stored one to go back to. */
    public boolean isMayGoBack() {
        return !elsewhere && (damage != null || stored != null && stored.generation() > 1);
    }

    /** What an administrator can go back to, in a few words. */
    public String getWayBack() {
        return stored == null ? "the generation before" : "generation " + (stored.generation() - 1);
    }

    /** What cannot be read; null if all can. */
    public @Nullable String getDamage() {
        if (damage != null || login != null) {
            return damage;
        }
        return elsewhere
                ? "the store has no such login: seed it with codex-auth seed, or paste an auth.json"
                : "the pasted auth.json cannot be read";
    }

    /** The full name of the other account that has the same login; null if none has. */
    public @Nullable String getClaimedBy() {
        return claimedBy;
    }

    /** Whether no build may start from it: OpenAI refuses to refresh it, or it is another account's. */
    public boolean isUnusable() {
        return claimedBy != null || getDeadBecause() != null;
    }

    /** How the login does. What cannot be read here needs a new one, or the generation before it. */
    public Health getHealth() {
        if (elsewhere && damage != null) {
            return Health.UNKNOWN;
        }
        return login == null || claimedBy != null ? Health.NEEDS_LOGIN : Health.of(login, now);
    }

    /** Why OpenAI refuses to refresh it; null if nobody has found out that it does. */
    public @Nullable String getDeadBecause() {
        return login == null
                ? null
                : login.needsLogin()
                        .map(needs ->
                                needs.cause().sentence() + " (" + needs.cause().label() + ")")
                        .orElse(null);
    }

    /** When that was found out. */
    public @Nullable Moment getDeadSince() {
        return login == null
                ? null
                : login.needsLogin()
                        .map(needs -> new Moment(needs.since(), now))
                        .orElse(null);
    }

    /** Whose it is; null if that cannot be read. */
    public @Nullable String getAccount() {
        return login == null ? null : login.account();
    }

    public @Nullable String getPlan() {
        return login == null ? null : login.plan().orElse(null);
    }

    public @Nullable Moment getLastRefresh() {
        return login == null ? null : new Moment(login.lastRefresh(), now);
    }

    /** When the access token ends; null if it does not say. */
    public @Nullable Moment getExpiry() {
        return login == null
                ? null
                : login.expiresAt().map(end -> new Moment(end, now)).orElse(null);
    }

    /** 0 if nothing is stored. */
    public long getGeneration() {
        return stored == null ? 0 : stored.generation();
    }

    /** The build that stored it. */
    public @Nullable String getSavedBy() {
        return stored == null ? null : stored.savedBy();
    }

    public @Nullable Moment getSavedAt() {
        return stored == null ? null : new Moment(stored.savedAt(), now);
    }

    /** The build that has it now; null if nobody. */
    public @Nullable String getHolder() {
        return occupancy == null ? null : occupancy.holder().description();
    }

    public @Nullable Moment getHeldSince() {
        return occupancy == null ? null : new Moment(occupancy.holder().since(), now);
    }

    /** Those who wait, first in line first. */
    public List<String> getWaiting() {
        return waiting.stream().map(Holder::description).toList();
    }

    /** Whether the credential holds a login that the next build stores in the place of this one. */
    public boolean isPastedNewer() {
        return pastedIsNewer;
    }

    /** How many refreshed logins were put aside because they could not be stored. */
    public int getRescued() {
        return rescued;
    }
}
