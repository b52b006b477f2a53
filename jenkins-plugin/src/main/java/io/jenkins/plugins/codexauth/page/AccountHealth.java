package io.jenkins.plugins.codexauth.page;

import io.jenkins.plugins.codexauth.account.AccountState;
import io.jenkins.plugins.codexauth.account.Health;
import io.jenkins.plugins.codexauth.account.Moment;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** An account in the page's API: what monitoring wants to know of it. Holds no secret. */
@ExportedBean(defaultVisibility = 2)
public final class AccountHealth {
    private final AccountState state;
    private final List<String> sharing;

    /** @param sharing the builds that have it at the same time */
    AccountHealth(AccountState state, List<String> sharing) {
        this.state = state;
        this.sharing = List.copyOf(sharing);
    }

    /** Its full name: {@code codex-ci}, or {@code team/codex-ci}. */
    @Exported
    public String getName() {
        return state.getFullName();
    }

    @Exported
    public Health getHealth() {
        return state.getHealth();
    }

    /** What is wrong with it, for people; null if nothing is. */
    @Exported
    public @Nullable String getProblem() {
        String other = state.getClaimedBy();
        if (other != null) {
            return "the same login as " + other;
        }
        return state.getDamage() != null ? state.getDamage() : state.getDeadBecause();
    }

    /** The fingerprint of account and user; null if the login cannot be read. */
    @Exported
    public @Nullable String getAccount() {
        return state.getAccount();
    }

    /** 0 if nothing is stored. */
    @Exported
    public long getGeneration() {
        return state.getGeneration();
    }

    /** Null if the login cannot be read. */
    @Exported
    public @Nullable Date getLastRefresh() {
        return date(state.getLastRefresh());
    }

    /** When its access token ends; null if it does not say. */
    @Exported
    public @Nullable Date getExpiresAt() {
        return date(state.getExpiry());
    }

    /** The builds that share it now. */
    @Exported
    public List<String> getSharing() {
        return sharing;
    }

    /** The build that has it to itself now; null if nobody has. */
    @Exported
    public @Nullable String getHolder() {
        return state.getHolder();
    }

    /** Those who wait for it, first in line first. */
    @Exported
    public List<String> getWaiting() {
        return state.getWaiting();
    }

    private static @Nullable Date date(@Nullable Moment moment) {
        return moment == null ? null : Date.from(moment.at());
    }
}
