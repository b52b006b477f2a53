package io.jenkins.plugins.codexauth.account;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.github.codexauth.AuthJson;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.Descent;
import io.jenkins.plugins.codexauth.lease.ControllerStores;
import io.jenkins.plugins.codexauth.lease.JenkinsCredentialStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

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
                : visibleTo(build.getParent(), found.getId()::equals).stream().findFirst();
    }

    /** The accounts of a pool that a build may use: those whose ids are the pool's name, a dot, and anything. */
    public static List<CodexAccount> inPool(Run<?, ?> build, String pool) {
        Map<String, CodexAccount> nearest = new TreeMap<>();
        for (CodexAccount account : visibleTo(build.getParent(), id -> id.startsWith(pool + "."))) {
            nearest.putIfAbsent(account.id().value(), account);
        }
        if (nearest.isEmpty()) {
            return List.of();
        }
        nearest.keySet().retainAll(usableIds(build.getParent()));
        return List.copyOf(nearest.values());
    }

    /** As the credentials plugin decides for one id; asked once, however large the pool is. */
    private static Set<String> usableIds(Job<?, ?> job) {
        Authentication user = job instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
        Set<String> ids = new HashSet<>(idsFor(job, user));
        if (!ACL.SYSTEM2.equals(user) && job.hasPermission2(user, CredentialsProvider.USE_ITEM)) {
            ids.addAll(idsFor(job, ACL.SYSTEM2));
        }
        return ids;
    }

    private static List<String> idsFor(Job<?, ?> job, Authentication user) {
        return CredentialsProvider.lookupCredentialsInItem(CodexAccountCredentials.class, job, user, List.of()).stream()
                .map(CodexAccountCredentials::getId)
                .toList();
    }

    /** Every account on this controller. */
    public static List<CodexAccount> all() {
        List<CodexAccount> all = new ArrayList<>();
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            all.addAll(of(Jenkins.get(), id -> true));
            for (ItemGroup<?> folder : folders()) {
                all.addAll(of(folder, id -> true));
            }
        }
        return List.copyOf(all);
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
            return account.credential()
                            .seed()
                            .filter(seed ->
                                    seed.auth().refreshTokenFingerprint().equals(token))
                            .isPresent()
                    || account.logins()
                            .store()
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
        return isThere(slash < 0 ? "" : fullName.substring(0, slash), fullName.substring(slash + 1));
    }

    /**
     * Whether a place has a credential of that id.
     *
     * @param place the full name of a folder; empty for Jenkins itself
     */
    public static boolean isThere(String place, String id) {
        return find(place, id).isPresent();
    }

    /**
     * The account of that id in a place.
     *
     * @param place the full name of a folder; empty for Jenkins itself
     */
    public static Optional<CodexAccount> find(String place, String id) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            return group(place).flatMap(group -> of(group, id::equals).stream().findFirst());
        }
    }

    /** Where the accounts of a place are kept. Empty if there is no such folder any more. */
    public static Optional<JenkinsCredentialStore> store(String place) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            return group(place).map(ControllerStores.get()::store);
        }
    }

    /** The full names of all places that may keep logins: empty for Jenkins itself, then every folder. */
    public static List<String> places() {
        List<String> places = new ArrayList<>(List.of(""));
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            folders().forEach(folder -> places.add(folder.getFullName()));
        }
        return places;
    }

    private static List<ItemGroup<?>> folders() {
        List<ItemGroup<?>> folders = new ArrayList<>();
        for (Item item : Jenkins.get().allItems()) {
            if (item instanceof ItemGroup<?> folder) {
                folders.add(folder);
            }
        }
        return folders;
    }

    private static Optional<ItemGroup<?>> group(String place) {
        if (place.isEmpty()) {
            return Optional.of(Jenkins.get());
        }
        return Jenkins.get().getItemByFullName(place) instanceof ItemGroup<?> folder
                ? Optional.of(folder)
                : Optional.empty();
    }

    /** A place's own, without those of the folders around it. */
    private static List<CodexAccount> of(ItemGroup<?> place, Predicate<String> id) {
        List<CodexAccount> accounts = new ArrayList<>();
        for (CredentialsStore store : CredentialsProvider.lookupStores(place)) {
            if (store.getContext() == place) {
                accounts.addAll(in(store, place, id));
            }
        }
        return accounts;
    }

    /** Those of a job's folders, from the inside out, then Jenkins' own. */
    private static List<CodexAccount> visibleTo(Job<?, ?> job, Predicate<String> id) {
        List<CodexAccount> accounts = new ArrayList<>();
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            for (CredentialsStore store : CredentialsProvider.lookupStores(job)) {
                if (store.getContext() instanceof ItemGroup<?> group) {
                    accounts.addAll(in(store, group, id));
                }
            }
        }
        return accounts;
    }

    /** A controller has many credentials and a build asks for few, so an account is made of those alone. */
    private static List<CodexAccount> in(CredentialsStore store, ItemGroup<?> group, Predicate<String> id) {
        List<CodexAccount> accounts = new ArrayList<>();
        JenkinsCredentialStore logins = ControllerStores.get().store(group);
        String place = group.getFullName();
        for (Domain domain : store.getDomains()) {
            for (Credentials credential : store.getCredentials(domain)) {
                if (credential instanceof CodexAccountCredentials account && id.test(account.getId())) {
                    accounts.add(new CodexAccount(place, new CredentialId(account.getId()), account, logins));
                }
            }
        }
        return accounts;
    }
}
