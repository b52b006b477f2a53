package io.jenkins.plugins.codexauth.page;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.ItemGroup;
import hudson.util.Secret;
import io.github.codexauth.CredentialId;
import io.github.codexauth.login.Seed;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.Tokens;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.NeedsLogin;
import io.github.codexauth.store.Revision;
import io.jenkins.plugins.codexauth.account.Accounts;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.account.CodexAccountCredentials;
import io.jenkins.plugins.codexauth.lease.ControllerStores;
import io.jenkins.plugins.codexauth.lease.JenkinsCredentialStore;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** An account for tests: a login that no server knows, its credential, and the generations that builds have stored. */
public final class ExampleAccounts {
    private static final Duration TEN_DAYS = Duration.ofDays(10);

    private final ItemGroup<?> place;
    private final CredentialId id;
    private final Login login;

    private ExampleAccounts(ItemGroup<?> place, String id, Login login) {
        this.place = place;
        this.id = new CredentialId(id);
        this.login = login;
    }

    /** Adds the credential, with a login of that age whose access token lasts ten days. */
    public static ExampleAccounts pasted(ItemGroup<?> place, String id, Duration age) throws Exception {
        ExampleAccounts account = loggedIn(place, id, age);
        CredentialsStore store =
                CredentialsProvider.lookupStores(place).iterator().next();
        store.addCredentials(
                Domain.global(),
                new CodexAccountCredentials(
                        CredentialsScope.GLOBAL, id, "", Secret.fromString(account.authJsonText())));
        return account;
    }

    /** A login of that age, and no credential. */
    public static ExampleAccounts loggedIn(ItemGroup<?> place, String id, Duration age) {
        return new ExampleAccounts(
                place,
                id,
                Login.unknownToAnyServer(
                        "acct-" + id,
                        "user-" + id,
                        Instant.now().minus(age).truncatedTo(ChronoUnit.SECONDS),
                        TEN_DAYS));
    }

    /** Stores the login's newest state as a build does. */
    public ExampleAccounts storedBy(String build) throws Exception {
        Holder holder = new Holder(build, Instant.now());
        try (Lease lease = store().acquire(id, holder, Duration.ZERO, busy -> {})) {
            BuildSessions.get().upkeep(store(), id, build).replace(lease, Seed.parse(login.authJson(), "the login"));
        }
        return this;
    }

    /** Rotates the tokens as a refresh does. */
    public ExampleAccounts refreshed(Duration ago) {
        login.rotate(Instant.now().minus(ago).truncatedTo(ChronoUnit.SECONDS), TEN_DAYS);
        return this;
    }

    /** Notes that OpenAI refuses to refresh the stored login. */
    public ExampleAccounts refused(NeedsLogin.Cause cause, Instant since) throws Exception {
        Holder holder = new Holder("deploy #1", Instant.now());
        try (Lease lease = store().acquire(id, holder, Duration.ZERO, busy -> {})) {
            lease.note(Revision.of(lease.load()), Health.needing(new NeedsLogin(since, cause)));
        }
        return this;
    }

    /** Tears the stored record. */
    public ExampleAccounts damaged() throws IOException {
        Files.writeString(store().folder(id).resolve("current.json"), "{\"format\": 1, ");
        return this;
    }

    public JenkinsCredentialStore store() {
        return ControllerStores.get().store(place);
    }

    public CredentialId id() {
        return id;
    }

    public Envelope stored() throws Exception {
        return store().peek(id).orElseThrow();
    }

    /** As the engine finds it. */
    public CodexAccount account() {
        return Accounts.all().stream()
                .filter(account -> account.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    public String authJsonText() {
        return new String(login.authJson(), StandardCharsets.UTF_8);
    }

    /** Everything of it that nobody may see. */
    public String[] secrets() {
        return login.states().stream()
                .flatMap(tokens -> java.util.stream.Stream.of(
                        tokens.idToken(), tokens.accessToken(), tokens.refreshToken(), signature(tokens)))
                .toArray(String[]::new);
    }

    private static String signature(Tokens tokens) {
        return tokens.accessToken().substring(tokens.accessToken().lastIndexOf('.') + 1);
    }
}
