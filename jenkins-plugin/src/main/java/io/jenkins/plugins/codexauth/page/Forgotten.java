package io.jenkins.plugins.codexauth.page;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.StoreException;
import io.jenkins.plugins.codexauth.account.AccountState;
import io.jenkins.plugins.codexauth.account.Accounts;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.lease.JenkinsCredentialStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** Stored logins whose credentials are gone: nobody can use them, and they are kept until somebody says otherwise. */
final class Forgotten {
    private static final Logger LOGGER = Logger.getLogger(Forgotten.class.getName());

    private Forgotten() {}

    static List<AccountState> all(Instant now) {
        Set<String> known = Accounts.all().stream().map(CodexAccount::fullName).collect(Collectors.toSet());
        List<AccountState> forgotten = new ArrayList<>();
        for (String place : Accounts.places()) {
            Accounts.store(place).ifPresent(store -> {
                for (CredentialId id : ids(store)) {
                    if (!known.contains(CodexAccount.fullName(place, id.value()))) {
                        forgotten.add(AccountState.withoutCredential(place, id, store, now));
                    }
                }
            });
        }
        return forgotten;
    }

    private static List<CredentialId> ids(JenkinsCredentialStore store) {
        try {
            return store.list();
        } catch (StoreException e) {
            LOGGER.log(Level.WARNING, e.problem());
            return List.of();
        }
    }
}
