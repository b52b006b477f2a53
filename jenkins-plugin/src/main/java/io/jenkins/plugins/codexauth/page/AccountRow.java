package io.jenkins.plugins.codexauth.page;

import io.jenkins.plugins.codexauth.account.AccountState;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A line of the page. */
public final class AccountRow {
    /** Of builds; more than a person reads would hide the next account. */
    private static final int NAMED = 5;

    private final AccountState state;
    private final @Nullable String url;
    private final List<String> sharing;
    private final List<String> lastUses;

    AccountRow(CodexAccount account, AccountState state) {
        this.state = state;
        this.url = CredentialPages.url(account);
        this.sharing = BuildSessions.get().sharing(account.place(), account.id().value());
        this.lastUses = CredentialPages.lastUses(account).stream()
                .filter(use -> !use.equals(state.getHolder()) && !sharing.contains(use))
                .toList();
    }

    public AccountState getState() {
        return state;
    }

    /** The credential's page, from Jenkins' root; null if it has none. */
    public @Nullable String getUrl() {
        return url;
    }

    /** The first of those that have it at the same time. */
    public List<String> getSharing() {
        return first(sharing);
    }

    /** How many others have it besides. */
    public int getMoreSharing() {
        return sharing.size() - getSharing().size();
    }

    /** The first of those who wait. */
    public List<String> getWaiting() {
        return first(state.getWaiting());
    }

    /** How many wait behind them. */
    public int getMoreWaiting() {
        return state.getWaiting().size() - getWaiting().size();
    }

    /** The last build of some jobs that used it, without those that have it now. */
    public List<String> getLastUses() {
        return first(lastUses);
    }

    /** How many other jobs used it. */
    public int getMoreUses() {
        return lastUses.size() - getLastUses().size();
    }

    private static List<String> first(List<String> builds) {
        return builds.subList(0, Math.min(NAMED, builds.size()));
    }
}
