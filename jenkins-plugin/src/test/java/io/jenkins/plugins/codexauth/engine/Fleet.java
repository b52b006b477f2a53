package io.jenkins.plugins.codexauth.engine;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.ItemGroup;
import hudson.util.Secret;
import io.github.codexauth.CredentialId;
import io.github.codexauth.SecretText;
import io.github.codexauth.standin.Login;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.stores.NamedStore;
import io.github.codexauth.stores.PreparedStore;
import io.github.codexauth.stores.ServerStoreTypes;
import io.github.codexauth.stores.postgresql.RealPostgresql;
import io.github.codexauth.stores.vault.VaultStandIn;
import io.github.codexauth.testing.RealKubernetes;
import io.jenkins.plugins.codexauth.account.CodexAccountCredentials;
import io.jenkins.plugins.codexauth.account.FleetStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jspecify.annotations.Nullable;

/** A fleet's store on a real server, or on Vault's stand-in. Logins lie there encrypted to a key of the fleet's. */
final class Fleet implements AutoCloseable {
    private final String kind;
    private final String address;
    private final String password;
    private final Runnable end;
    private final SecretText identity = AtRest.newKeyPair().identity();

    /**
     * @param address of the store, as a runner names it
     * @param password the runner's
     * @param end ends the server
     */
    private Fleet(String kind, String address, String password, Runnable end) {
        this.kind = kind;
        this.address = address;
        this.password = password;
        this.end = end;
    }

    static Fleet onPostgresql() throws Exception {
        RealPostgresql server = RealPostgresql.start();
        PreparedStore asOwner = (PreparedStore) named(postgresql("owner", server), RealPostgresql.OWNER_PASSWORD);
        asOwner.prepare(Optional.of("runner"), List.of()).forEach(server::admin);
        return new Fleet("postgresql", postgresql("runner", server), RealPostgresql.RUNNER_PASSWORD, server::close);
    }

    private static String postgresql(String user, RealPostgresql server) {
        return "postgresql://" + user + "@127.0.0.1:" + server.port() + "/codex?sslmode=disable";
    }

    static Fleet inCluster() {
        RealKubernetes cluster = RealKubernetes.start();
        String namespace = cluster.namespace();
        cluster.allowAll(namespace);
        return new Fleet(
                "k8s",
                "k8s://" + namespace + "/codex-auth?server=https://127.0.0.1:" + cluster.port() + "&ca="
                        + cluster.authority(),
                cluster.token(namespace, "runner"),
                cluster::close);
    }

    static Fleet inVault() {
        VaultStandIn server = VaultStandIn.start();
        return new Fleet("vault", server.address(""), VaultStandIn.ROOT, server::close);
    }

    private static NamedStore named(String address, String password) throws Exception {
        return ServerStoreTypes.at(address, () -> Optional.of(SecretText.of(password)))
                .orElseThrow();
    }

    /** The store as a job of another system sees it. */
    CredentialStore store() throws Exception {
        return named(address, password).open(Clock.systemUTC()).store();
    }

    /**
     * What a job of another system gives to the command.
     *
     * @param passwordFile is filled with the password
     * @param identityFile is filled with the key
     */
    List<String> options(Path passwordFile, Path identityFile) throws IOException {
        return List.of(
                "--store",
                address,
                "--store-password-file",
                Files.writeString(passwordFile, password).toString(),
                "--age-identity-file",
                Files.writeString(identityFile, identity.reveal()).toString());
    }

    Envelope stored(String id) throws Exception {
        return store().peek(new CredentialId(id)).orElseThrow();
    }

    /** The id of the credential with the password. */
    String passwordId() {
        return kind + "-password";
    }

    /** The id of the credential with the key. */
    String identityId() {
        return kind + "-identity";
    }

    /** The secrets that {@link #account} names. */
    void secrets(Lab lab) throws Exception {
        lab.text(passwordId(), password);
        lab.text(identityId(), identity.reveal());
    }

    /** An account of Jenkins' own whose login is here, with these secrets. */
    void account(Lab lab, String id, Login pasted) throws Exception {
        secrets(lab);
        account(Jenkins.get(), id, pasted, passwordId());
    }

    /** @param pasted null for what is here already */
    void account(ItemGroup<?> place, String id, @Nullable Login pasted, String itsPasswordId) throws Exception {
        FleetStore store = new FleetStore(address);
        store.setPasswordId(itsPasswordId);
        store.setIdentityId(identityId());
        CodexAccountCredentials credential = new CodexAccountCredentials(
                CredentialsScope.GLOBAL, id, "", pasted == null ? Secret.fromString("") : Lab.secret(pasted), store);
        credential.setShared(true);
        Lab.store(place).addCredentials(Domain.global(), credential);
    }

    @Override
    public void close() {
        end.run();
    }
}
