package io.jenkins.plugins.codexauth.page;

import io.jenkins.plugins.codexauth.account.AccountState;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A line of the page. */
public final class AccountRow {
    private final AccountState state;
    private final @Nullable String url;
    private final List<String> lastUses;

    AccountRow(CodexAccount account, Instant now) {
        this.state = AccountState.of(account, now);
        this.url = CredentialPages.url(account);
        this.lastUses = CredentialPages.lastUses(account).stream()
                .filter(use -> !use.equals(state.getHolder()))
                .toList();
    }

    public AccountState getState() {
        return state;
    }

    /** The credential's page, from Jenkins' root; null if it has none. */
    public @Nullable String getUrl() {
        return url;
    }

    /** The last build of each job that used it, without the one that has it now. */
    public List<String> getLastUses() {
        return lastUses;
    }
}
