package io.jenkins.plugins.codexauth.account;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The states of many accounts, for what must not hang: every page of an administrator asks for them. */
public final class AccountStates {
    private AccountStates() {}

    /**
     * The accounts with their states, in their order. Stores on servers are asked at the same time; what they have not
     * answered after {@link FleetLook#PATIENCE} is {@link Health#UNKNOWN}.
     */
    public static Map<CodexAccount, AccountState> of(Collection<CodexAccount> accounts, Instant now) {
        Map<CodexAccount, FleetLook> looks = accounts.stream()
                .filter(CodexAccount::isElsewhere)
                .collect(Collectors.toMap(Function.identity(), FleetStores.get()::look, (same, again) -> same));
        Map<CodexAccount, AccountState> states = new LinkedHashMap<>();
        for (CodexAccount account : accounts) {
            FleetLook look = looks.get(account);
            states.put(
                    account, look == null ? AccountState.of(account, now) : AccountState.of(account, look::found, now));
        }
        return states;
    }
}
