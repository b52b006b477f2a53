package io.jenkins.plugins.codexauth.account;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.ModelObject;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.Descent;
import io.jenkins.plugins.codexauth.lease.ControllerStores;
import io.jenkins.plugins.codexauth.lease.JenkinsCredentialStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import jenkins.model.Jenkins;

/** Finds Codex accounts: for a build, with its permissions; for a page, all of them. */
public final class Accounts {
    private Accounts() {}

    /**
     * The account of that id that a build may use, the nearest folder's first. The name of a credentials parameter
     * stands for what was chosen.
     *
     * @return empty if there is none, or the build's authentication may not use it
     */
    public static Optional<CodexAccount> find(Run<?, ?> build, String id) {
        CodexAccountCredentials found =
                CredentialsProvider.findCredentialById(id, CodexAccountCredentials.class, build, List.of());
        return found == null
                ? Optional.empty()
                : visibleTo(build.getParent()).stream()
                        .filter(account -> account.id().value().equals(found.getId()))
                        .findFirst();
    }

    /** The accounts of a pool that a build may use: those whose ids are the pool's name, a dot, and anything. */
    public static List<CodexAccount> inPool(Run<?, ?> build, String pool) {
        List<CodexAccount> members = new ArrayList<>();
        for (CodexAccount account : visibleTo(build.getParent())) {
            if (account.id().value().startsWith(pool + ".")
                    && find(build, account.id().value())
                            .filter(nearest -> nearest.fullName().equals(account.fullName()))
                            .isPresent()) {
                members.add(account);
            }
        }
        members.sort(Comparator.comparing(account -> account.id().value()));
        return members;
    }

    /** Every account on this controller. */
    public static List<CodexAccount> all() {
        Map<String, CodexAccount> all = new LinkedHashMap<>();
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            visibleTo(Jenkins.get()).forEach(account -> all.put(account.fullName(), account));
            for (Item item : Jenkins.get().allItems()) {
                if (item instanceof ItemGroup<?>) {
                    visibleTo(item).forEach(account -> all.put(account.fullName(), account));
                }
            }
        }
        return List.copyOf(all.values());
    }

    /**
     * The full name of an account that has a login already, pasted or stored. Looks at all of them.
     *
     * @param except an account that may have it
     */
    static Optional<String> having(AuthJson login, Predicate<CodexAccount> except) {
        String token = login.refreshTokenFingerprint();
        return all().stream()
                .filter(except.negate())
                .filter(account -> has(account, token))
                .map(CodexAccount::fullName)
                .findFirst();
    }

    private static boolean has(CodexAccount account, String token) {
        try {
            return account.credential().seed().auth().refreshTokenFingerprint().equals(token)
                    || account.store()
                            .peek(account.id())
                            .filter(stored -> stored.seeds().contains(token)
                                    || stored.descent()
                                            .map(Descent::token)
                                            .filter(token::equals)
                                            .isPresent())
                            .isPresent();
        } catch (CodexAuthException unreadable) {
            return false;
        }
    }

    /** Whether there is a credential of that full name, see {@link CodexAccount#fullName}. */
    static boolean isThere(String fullName) {
        int slash = fullName.lastIndexOf('/');
        String place = slash < 0 ? "" : fullName.substring(0, slash);
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            ItemGroup<?> group = place.isEmpty()
                    ? Jenkins.get()
                    : Jenkins.get().getItemByFullName(place) instanceof ItemGroup<?> folder ? folder : null;
            return group != null
                    && visibleTo(group).stream()
                            .anyMatch(account -> account.fullName().equals(fullName));
        }
    }

    /** Where the accounts of a place are kept. Empty if there is no such folder any more. */
    public static Optional<JenkinsCredentialStore> store(String place) {
        if (place.isEmpty()) {
            return Optional.of(ControllerStores.get().store(Jenkins.get()));
        }
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            return Jenkins.get().getItemByFullName(place) instanceof ItemGroup<?> folder
                    ? Optional.of(ControllerStores.get().store(folder))
                    : Optional.empty();
        }
    }

    /** The full names of all places that may keep logins: empty for Jenkins itself, then every folder. */
    public static List<String> places() {
        List<String> places = new ArrayList<>(List.of(""));
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            for (Item item : Jenkins.get().allItems()) {
                if (item instanceof ItemGroup<?>) {
                    places.add(item.getFullName());
                }
            }
        }
        return places;
    }

    /** Those of a job's folders, from the inside out, then Jenkins' own. */
    private static List<CodexAccount> visibleTo(ModelObject context) {
        List<CodexAccount> accounts = new ArrayList<>();
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            for (CredentialsStore store : CredentialsProvider.lookupStores(context)) {
                if (store.getContext() instanceof ItemGroup<?> group) {
                    accounts.addAll(in(store, group));
                }
            }
        }
        return accounts;
    }

    private static List<CodexAccount> in(CredentialsStore store, ItemGroup<?> group) {
        List<CodexAccount> accounts = new ArrayList<>();
        for (Domain domain : store.getDomains()) {
            for (Credentials credential : store.getCredentials(domain)) {
                if (credential instanceof CodexAccountCredentials account) {
                    accounts.add(new CodexAccount(
                            group.getFullName(),
                            new CredentialId(account.getId()),
                            account,
                            ControllerStores.get().store(group)));
                }
            }
        }
        return accounts;
    }
}
