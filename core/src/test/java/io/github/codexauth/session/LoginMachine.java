package io.github.codexauth.session;

import io.github.codexauth.CredentialId;
import io.github.codexauth.SignInMode;
import io.github.codexauth.home.CodexConfig;
import io.github.codexauth.home.ManagedRequirements;
import io.github.codexauth.home.Patience;
import io.github.codexauth.login.EventLog;
import io.github.codexauth.login.LoginSettings;
import io.github.codexauth.login.RescueArea;
import io.github.codexauth.login.Seed;
import io.github.codexauth.login.Upkeep;
import io.github.codexauth.standin.Login;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.file.FileCredentialStore;
import io.github.codexauth.testing.TestClock;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.Evidence;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.TrustDecision;
import io.github.codexauth.trust.TrustPolicy;
import io.github.codexauth.trust.TrustRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A machine with a store, a rescue area and homes, on which a test opens sessions with one login and plays the job. */
public final class LoginMachine {
    public static final CredentialId ID = new CredentialId("ci");
    public static final Duration LIFETIME = Duration.ofDays(10);

    public final TestClock clock;
    final EventLog log = new EventLog();
    final RescueArea rescue;

    /** A login whose first state was made on a trusted machine a minute ago. */
    public final Login login;

    private final Path folder;
    private final Path homes;

    public LoginMachine(Path folder) {
        this.folder = folder;
        this.homes = folder.resolve("homes");
        this.rescue = new RescueArea(folder.resolve("rescue"));
        this.clock = new TestClock(Instant.parse("2026-11-01T10:00:00Z"));
        this.login = Login.unknownToAnyServer("acme", "bot", clock.instant().minusSeconds(60), LIFETIME);
    }

    private LoginMachine(LoginMachine other) {
        this.folder = other.folder;
        this.homes = folder.resolve("homes-elsewhere");
        this.rescue = new RescueArea(folder.resolve("rescue-elsewhere"));
        this.clock = other.clock;
        this.login = other.login;
    }

    /** Another machine with the same store. */
    LoginMachine withHomesOfItsOwn() {
        return new LoginMachine(this);
    }

    public FileCredentialStore store() throws Exception {
        return FileCredentialStore.createIn(folder.resolve("store"), clock);
    }

    public Lease lease() throws Exception {
        return store().acquire(ID, new Holder("a test", clock.instant()), Duration.ZERO, busy -> {});
    }

    /** Opens a session as a job does; a seed is given along if there is one. */
    CodexSession open(byte[]... seed) throws Exception {
        return open(lease(), seed);
    }

    CodexSession open(Lease lease, byte[]... seed) throws Exception {
        Optional<Seed> given = seed.length == 0 ? Optional.empty() : Optional.of(Seed.parse(seed[0], "seed"));
        return CodexSession.open(proof(), store(), lease, given, settings());
    }

    public SessionSettings settings() {
        return new SessionSettings(
                homes,
                CodexConfig.standard(List.of(), ManagedRequirements.NONE),
                Patience.NONE,
                new LoginSettings(rescue, AtRest.unencrypted(), "a test", List.of(), clock, log));
    }

    /** What an operator does; answers after it has given the lease back. */
    interface Work<T> {
        T with(Upkeep upkeep, Lease lease) throws Exception;
    }

    <T> T operate(Work<T> work) throws Exception {
        try (Lease lease = lease()) {
            return work.with(new Upkeep(AtRest.unencrypted(), rescue, "an operator", clock, log), lease);
        }
    }

    /** Lets time pass, and answers what Codex writes when it refreshes then. */
    public byte[] refresh() {
        clock.advance(Duration.ofMinutes(1));
        login.rotate(clock.instant(), LIFETIME);
        return login.authJson();
    }

    /** Plays the job: its Codex has written this. */
    static void write(CodexSession session, byte[] authJson) throws Exception {
        session.home().restore(authJson);
    }

    /** Plays SIGKILL: the lease is freed by the kernel, the home stays. */
    static void kill(Lease lease) {
        lease.close();
    }

    public Optional<CredentialRecord> stored() throws Exception {
        try (Lease lease = lease()) {
            return lease.load();
        }
    }

    /** The exact bytes that are stored; none if nothing is. */
    public byte[] storedAuthJson() throws Exception {
        return stored().map(CredentialRecord::payload).orElse(new byte[0]);
    }

    byte[] previousAuthJson() throws Exception {
        try (Lease lease = lease()) {
            return lease.loadPrevious().map(CredentialRecord::payload).orElse(new byte[0]);
        }
    }

    List<byte[]> copies() {
        return rescue.copies(ID).stream().map(copy -> copy.record().payload()).toList();
    }

    /** The session folders that are left. */
    public List<Path> homes() {
        try (Stream<Path> all = Files.list(homes.resolve(ID.value()))) {
            return all.toList();
        } catch (IOException none) {
            return List.of();
        }
    }

    Path file(String name) {
        return folder.resolve("store/credentials").resolve(ID.value()).resolve(name);
    }

    /** As when somebody removes the file, or a volume comes back empty. */
    void loseCurrent() throws IOException {
        Files.delete(file("current.json"));
    }

    void losePrevious() throws IOException {
        Files.deleteIfExists(file("previous.json"));
    }

    void damageCurrent() throws IOException {
        Files.writeString(file("current.json"), "{");
    }

    /** From now on no rescue copy can be made. */
    public void blockRescue() throws IOException {
        Files.writeString(folder.resolve("rescue"), "a file in the place of the folder");
    }

    /** That a job may have the login. */
    public static TrustDecision.Trusted proof() {
        TrustRule everything = TrustRule.withoutConditions("none", Evidence.DECLARED);
        TrustPolicy policy = new TrustPolicy("test", Optional.empty(), List.of(everything), Map.of(), false);
        return (TrustDecision.Trusted)
                policy.judge(JobFacts.unknown("none", "test"), new CredentialRequest(SignInMode.MANAGED, List.of(ID)));
    }
}
