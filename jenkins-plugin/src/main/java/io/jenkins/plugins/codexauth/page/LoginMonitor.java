package io.jenkins.plugins.codexauth.page;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import hudson.security.Permission;
import io.jenkins.plugins.codexauth.account.AccountState;
import io.jenkins.plugins.codexauth.account.AccountStates;
import io.jenkins.plugins.codexauth.account.Accounts;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.account.Moment;
import io.jenkins.plugins.codexauth.session.LeftBehind;
import io.jenkins.plugins.codexauth.session.LeftHomes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.jspecify.annotations.Nullable;

/** Warns before a login dies, while a build can still keep it alive, and after it died. */
@Extension
@Symbol("codexLogins")
public final class LoginMonitor extends AdministrativeMonitor {
    /** Every page of an administrator asks, and reading all accounts takes files. */
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    private final Clock clock;
    private @Nullable Found last;

    /** What was found at a time. */
    private record Found(Instant at, List<Problem> problems) {}

    /**
     * An account that needs a person.
     *
     * @param account its full name
     * @param what what is wrong with it
     * @param advice what to do
     */
    public record Problem(String account, String what, String advice) {}

    public LoginMonitor() {
        this(Clock.systemUTC());
    }

    LoginMonitor(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String getDisplayName() {
        return "Codex accounts that need a login or a build";
    }

    @Override
    public Permission getRequiredPermission() {
        return Jenkins.MANAGE;
    }

    @Override
    public boolean isSecurity() {
        return false;
    }

    @Override
    public boolean isActivated() {
        return !getProblems().isEmpty();
    }

    /** The page with all accounts, from Jenkins' root. */
    public String getPage() {
        return "manage/" + CodexAccountsLink.URL + "/";
    }

    /** What is wrong, at most a minute old. */
    public synchronized List<Problem> getProblems() {
        Instant now = clock.instant();
        Found known = last;
        if (known == null || Duration.between(known.at(), now).abs().compareTo(REMEMBERED) >= 0) {
            known = new Found(now, problems(now));
            last = known;
        }
        return known.problems();
    }

    private static List<Problem> problems(Instant now) {
        List<Problem> problems = new ArrayList<>();
        AccountStates.of(Accounts.all(), now).values().stream()
                .filter(state -> state.isDamaged() || state.getHealth().isWorrying())
                .forEach(state -> problems.add(problem(state)));
        for (LeftBehind left : LeftHomes.get().away()) {
            problems.add(new Problem(
                    CodexAccount.fullName(left.place(), left.credential()),
                    left.agent() + " is away and may have its newest login, from " + left.build() + ".",
                    "Bring the agent back before another build refreshes the older login."));
        }
        return List.copyOf(problems);
    }

    private static Problem problem(AccountState state) {
        String damage = state.getDamage();
        if (damage != null) {
            return new Problem(
                    state.getFullName(),
                    damage + ".",
                    state.isElsewhere()
                            ? state.getHealth().advice()
                            : "Restore the generation before on the page, or paste a new auth.json.");
        }
        String claimedBy = state.getClaimedBy();
        if (claimedBy != null) {
            return new Problem(
                    state.getFullName(),
                    "Holds the same login as " + claimedBy + ", whose refresh token works once.",
                    state.getHealth().advice());
        }
        Moment deadSince = state.getDeadSince();
        if (deadSince != null) {
            return new Problem(
                    state.getFullName(),
                    "Needs a new login since " + deadSince.exact() + ": " + state.getDeadBecause() + ".",
                    state.getHealth().advice());
        }
        Moment refreshed = state.getLastRefresh();
        Moment expiry = state.getExpiry();
        return new Problem(
                state.getFullName(),
                (refreshed == null ? "" : "Last refreshed " + refreshed.text() + ".")
                        + (expiry == null
                                ? ""
                                : " Its access token " + (expiry.isPast() ? "ended " : "ends ") + expiry.text() + "."),
                state.getHealth().advice());
    }
}
