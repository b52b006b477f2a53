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
import io.jenkins.plugins.codexauth.account.CodexAccountCredentials;
import io.jenkins.plugins.codexauth.account.FleetStore;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jspecify.annotations.Nullable;

/** A fleet's store in a real PostgreSQL, in which logins lie encrypted to a key of the fleet's. */
final class FleetOnPostgresql implements AutoCloseable {
    static final String PASSWORD_ID = "store-password";
    static final String IDENTITY_ID = "fleet-identity";

    private final RealPostgresql server = RealPostgresql.start();
    private final SecretText identity = AtRest.newKeyPair().identity();

    private FleetOnPostgresql() {}

    static FleetOnPostgresql start() throws Exception {
        FleetOnPostgresql fleet = new FleetOnPostgresql();
        PreparedStore asOwner = (PreparedStore) fleet.named("owner", RealPostgresql.OWNER_PASSWORD);
        asOwner.prepare(Optional.of("runner"), List.of()).forEach(fleet.server::admin);
        return fleet;
    }

    private NamedStore named(String user, String password) throws Exception {
        return ServerStoreTypes.at(address(user), () -> Optional.of(SecretText.of(password)))
                .orElseThrow();
    }

    private String address(String user) {
        return "postgresql://" + user + "@127.0.0.1:" + server.port() + "/codex?sslmode=disable";
    }

    /** The store as a job of another system sees it. */
    CredentialStore store() throws Exception {
        return named("runner", RealPostgresql.RUNNER_PASSWORD)
                .open(Clock.systemUTC())
                .store();
    }

    Envelope stored(String id) throws Exception {
        return store().peek(new CredentialId(id)).orElseThrow();
    }

    /** The secrets that {@link #account} names. */
    void secrets(Lab lab) throws Exception {
        lab.text(PASSWORD_ID, RealPostgresql.RUNNER_PASSWORD);
        lab.text(IDENTITY_ID, identity.reveal());
    }

    /** An account of Jenkins' own whose login is here, with these secrets. */
    void account(Lab lab, String id, Login pasted) throws Exception {
        secrets(lab);
        account(Jenkins.get(), id, pasted, PASSWORD_ID);
    }

    /** @param pasted null for what is here already */
    void account(ItemGroup<?> place, String id, @Nullable Login pasted, String passwordId) throws Exception {
        FleetStore store = new FleetStore(address("runner"));
        store.setPasswordId(passwordId);
        store.setIdentityId(IDENTITY_ID);
        CodexAccountCredentials credential = new CodexAccountCredentials(
                CredentialsScope.GLOBAL, id, "", pasted == null ? Secret.fromString("") : Lab.secret(pasted), store);
        credential.setShared(true);
        Lab.store(place).addCredentials(Domain.global(), credential);
    }

    @Override
    public void close() {
        server.close();
    }
}
