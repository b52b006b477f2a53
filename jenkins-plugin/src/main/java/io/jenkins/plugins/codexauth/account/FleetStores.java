package io.jenkins.plugins.codexauth.account;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.remoting.AtmostOneThreadExecutor;
import hudson.security.ACL;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.SecretText;
import io.github.codexauth.UsageException;
import io.github.codexauth.login.RescueArea;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.NamedStore;
import io.github.codexauth.stores.PasswordSource;
import io.github.codexauth.stores.ServerStoreTypes;
import io.jenkins.plugins.codexauth.lease.JenkinsCredentialStore;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.jspecify.annotations.Nullable;

/**
 * The stores on servers that this controller's accounts name. Each is opened once; what it asks for is looked up anew
 * for every connection. Safe for use by several threads.
 */
@Extension
public final class FleetStores {
    private final Map<FleetStore, CredentialStore> open = new ConcurrentHashMap<>();
    private final Map<FleetStore, Executor> lookers = new ConcurrentHashMap<>();

    static FleetStores get() {
        return ExtensionList.lookupSingleton(FleetStores.class);
    }

    /**
     * The store at an address. Nothing is opened.
     *
     * @throws UsageException if it is no such address; the message does not quote it
     */
    static NamedStore named(FleetStore store) throws UsageException {
        try {
            return ServerStoreTypes.at(store.getAddress(), password(store.getPasswordId()))
                    .orElseThrow(() -> new UsageException(
                            "the store's address is of no kind that there is",
                            "use one of these: " + String.join(", ", ServerStoreTypes.examples())));
        } catch (UsageException typed) {
            // Nobody types an option here.
            throw new UsageException(
                    typed.problem().replace("--store ", ""), typed.hint().replace("--store ", ""));
        }
    }

    /**
     * Where a fleet keeps an account's login.
     *
     * @param here where this controller keeps what the store does not take
     * @throws UsageException if the address is none
     * @throws StoreUnavailableException if the store does not answer, or a secret that it asks for is missing
     * @throws io.github.codexauth.store.InvalidEncryptionKeyException if the identity is none
     */
    LoginPlace place(FleetStore named, CredentialId id, JenkinsCredentialStore here) throws CodexAuthException {
        CredentialStore store = open.get(named);
        if (store == null) {
            store = named(named).open(Clock.systemUTC()).store();
            CredentialStore earlier = open.putIfAbsent(named, store);
            store = earlier == null ? store : earlier;
        }
        String identity = named.getIdentityId();
        AtRest atRest =
                identity == null ? AtRest.unencrypted() : AtRest.age(Optional.empty(), Optional.of(secret(identity)));
        return new LoginPlace(store, atRest, RescueArea.of(LoginPlace.rescueFolder(here, id), store), true);
    }

    /** Looks at an account's login. */
    FleetLook look(CodexAccount account) {
        FleetLook look = new FleetLook(account);
        execute(account, look);
        return look;
    }

    /** Has an account's store asked something. One thread asks each, so that one that is silent holds up no others. */
    void execute(CodexAccount account, Runnable question) {
        lookers.computeIfAbsent(
                        Objects.requireNonNull(account.credential().getStore(), "an account whose login is elsewhere"),
                        store -> new AtmostOneThreadExecutor(
                                new NamingThreadFactory(new DaemonThreadFactory(), "a look into a fleet's store")))
                .execute(question);
    }

    private static PasswordSource password(@Nullable String id) {
        return id == null ? PasswordSource.NONE : () -> Optional.of(secret(id));
    }

    private static SecretText secret(String id) throws StoreUnavailableException {
        return CredentialsProvider.lookupCredentialsInItemGroup(
                        StringCredentials.class, Jenkins.get(), ACL.SYSTEM2, List.of())
                .stream()
                .filter(credential -> credential.getId().equals(id))
                .map(credential -> SecretText.of(credential.getSecret().getPlainText()))
                .findFirst()
                .orElseThrow(() -> new StoreUnavailableException(
                        "there is no Secret text '" + id + "' in Jenkins, which the account's store asks for",
                        "make it, with the scope System, in Manage Jenkins > Credentials"));
    }
}
