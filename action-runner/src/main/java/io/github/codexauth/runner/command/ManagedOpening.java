package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.SignInMode;
import io.github.codexauth.codex.AppServer;
import io.github.codexauth.codex.TokenRefresher;
import io.github.codexauth.handover.KeptLogin;
import io.github.codexauth.handover.LeaseSource;
import io.github.codexauth.home.CodexConfig;
import io.github.codexauth.home.DatedHomes;
import io.github.codexauth.home.HomeConfig;
import io.github.codexauth.home.SecretPlace;
import io.github.codexauth.login.LoginSettings;
import io.github.codexauth.login.NoSuchCredentialException;
import io.github.codexauth.login.Seed;
import io.github.codexauth.runner.codex.CodexOnPath;
import io.github.codexauth.runner.codex.Confinement;
import io.github.codexauth.runner.input.Give;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.input.SecretLimits;
import io.github.codexauth.runner.input.SecretSource;
import io.github.codexauth.runner.input.SignIn;
import io.github.codexauth.runner.job.AccessCopy;
import io.github.codexauth.runner.job.ConsoleEvents;
import io.github.codexauth.runner.job.EndedBySignalException;
import io.github.codexauth.runner.job.JobEnvironment;
import io.github.codexauth.runner.job.LeaseWait;
import io.github.codexauth.runner.job.RefreshPatience;
import io.github.codexauth.runner.option.JobOptions;
import io.github.codexauth.runner.option.Options;
import io.github.codexauth.runner.option.StoreOptions;
import io.github.codexauth.runner.option.TrustOptions;
import io.github.codexauth.runner.policy.TrustCheck;
import io.github.codexauth.runner.policy.Verdict;
import io.github.codexauth.runner.process.JobUser;
import io.github.codexauth.runner.process.SignalInbox;
import io.github.codexauth.runner.storage.Storage;
import io.github.codexauth.session.CodexSession;
import io.github.codexauth.session.LoginTurn;
import io.github.codexauth.session.SessionSettings;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.DetachableStore;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.SharedUseStore;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.TrustDecision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Brings a managed session up, for the commands that need one: run, restore, persist and keepalive. */
final class ManagedOpening {
    /** A refresh takes 0.3 s; the server may be slow, and a job that waits longer has other problems. */
    private static final Duration REFRESH_LIMIT = Duration.ofSeconds(60);

    /** A turn takes as long as a refresh; who has waited for several of them is told that there is none now. */
    private static final Duration TURN_WAITS = Duration.ofMinutes(2);

    private final ProcessContext process;
    private final Inputs inputs;
    private final Console console;
    private final StoreOptions storeOptions;
    private final JobOptions jobOptions;
    private final TrustOptions trustOptions;

    ManagedOpening(ProcessContext process, Inputs inputs, Console console) {
        this.process = process;
        this.inputs = inputs;
        this.console = console;
        this.storeOptions = new StoreOptions(process, inputs);
        this.jobOptions = new JobOptions(inputs);
        this.trustOptions = new TrustOptions(process, inputs);
    }

    /**
     * Waits for a credential and opens a session with it. Whoever had to wait is judged again.
     *
     * @param codex judged before anything is taken
     * @throws EndedBySignalException if a signal came while it waited; nothing is then held
     */
    CodexSession open(SignIn.Managed signIn, TrustCheck check, CodexOnPath codex, Duration wait, SignalInbox signals)
            throws CodexAuthException, InterruptedException {
        GiveDecision all = new GiveDecision(Optional.of(Give.ALL), Give.ALL, Confinement.UNTRIED, console.messages());
        return take(signIn, all, false, check, codex, wait, signals).open();
    }

    /** As {@link #open}, for access to a credential that others can have meanwhile. */
    Taken takeAccess(SignIn.Managed signIn, TrustCheck check, CodexOnPath codex, Duration wait, SignalInbox signals)
            throws CodexAuthException, InterruptedException {
        GiveDecision access =
                new GiveDecision(Optional.of(Give.ACCESS), Give.ACCESS, Confinement.UNTRIED, console.messages());
        return take(signIn, access, true, check, codex, wait, signals);
    }

    /**
     * Waits for a credential. Whoever had to wait is judged again.
     *
     * @param decision what the job is to get of it
     * @param shared whether other jobs may use it meanwhile
     */
    Taken take(
            SignIn.Managed signIn,
            GiveDecision decision,
            boolean shared,
            TrustCheck check,
            CodexOnPath codex,
            Duration wait,
            SignalInbox signals)
            throws CodexAuthException, InterruptedException {
        requireConfigOfJob(process, inputs);
        AtRest atRest = storeOptions.atRest();
        Storage storage = storeOptions.open();
        CodexConfig hiding = jobOptions.config(denied(storage, signIn.seed()));
        hiding.requireLoginsInFiles();
        GiveDecision.Decision decided = decision.take(hiding, secrets(storage, signIn.seed()), List.of(), true);
        CodexConfig config = decided.config();
        codex.require();
        List<CredentialId> allowed = allowed(signIn.choice(), check, storage.store());
        Verdict verdict = check.judge(new CredentialRequest(signIn.mode(), allowed, shared));
        verdict.require();
        List<CredentialId> ids = signIn.choice() instanceof SignIn.Pool
                ? new PoolMembers(storage.store(), process.clock(), console.messages()).preferred(allowed)
                : allowed;
        Optional<Seed> seed = seed(signIn.seed());
        String job = verdict.facts().description();
        Holder holder = new Holder(
                job + " on " + process.machine().host() + " (pid "
                        + process.machine().processId() + ")",
                process.clock().instant());
        LeaseWait turn = new LeaseWait(storage.store(), holder, console.messages());
        Lease lease;
        try {
            lease = signals.interruptWhile(() -> turn.acquireAny(ids, wait));
        } catch (InterruptedException signalled) {
            throw new EndedBySignalException(signals.first().orElseThrow(() -> signalled));
        }
        TrustDecision.Trusted proof = proof(verdict, shared, turn, lease, storage);
        return new Taken(
                proof,
                storage.store(),
                lease,
                shared ? Optional.of(holder) : Optional.empty(),
                seed,
                settings(storage, atRest, holder.description(), config, signals),
                config,
                decided.give());
    }

    /**
     * Makes sure that the settings which a job brings along are its own: in the checkout they may be a link to what we
     * can read and the job cannot.
     */
    static void requireConfigOfJob(ProcessContext process, Inputs inputs) throws CodexAuthException {
        Optional<JobUser> user = JobUser.in(process.environment());
        Optional<Path> config = Options.CODEX_CONFIG.in(inputs);
        if (user.isPresent() && config.isPresent()) {
            user.get().requireReadable("--codex-config", config.get());
        }
    }

    /**
     * A credential that is ours, and what has to be known to use it.
     *
     * @param lease whoever uses it closes it
     * @param sharing who we are for the others that use it meanwhile; empty if it is ours alone
     * @param give what the job gets of it
     */
    record Taken(
            TrustDecision.Trusted proof,
            CredentialStore store,
            Lease lease,
            Optional<Holder> sharing,
            Optional<Seed> seed,
            SessionSettings settings,
            CodexConfig config,
            Give give) {
        /** A session that hands the login over to its job. */
        CodexSession open() throws CodexAuthException, InterruptedException {
            return CodexSession.open(proof, store, lease, seed, settings);
        }

        /** The same login, which stays with us. */
        KeptLogin keep(Supplier<Optional<TokenRefresher>> refresher) {
            return new KeptLogin(
                    new LoginTurn(proof, store, settings, refresher),
                    sharing.map(us -> LeaseSource.turns(lease, store, us, TURN_WAITS))
                            .orElseGet(() -> LeaseSource.holding(lease)),
                    settings.login().clock());
        }

        /** Notes in the store that we share it, where the store shows that; whoever calls closes it. */
        SharedUseStore.Use use() throws StoreException {
            return sharing.isPresent() && store instanceof SharedUseStore seen
                    ? seen.use(lease.id(), sharing.get())
                    : SharedUseStore.Use.UNSEEN;
        }
    }

    /**
     * The credentials that would do and that the job may have; all that would do if it may have none, so that the
     * verdict on them says why.
     *
     * @throws NoSuchCredentialException if nobody is in the pool
     */
    private static List<CredentialId> allowed(SignIn.Choice choice, TrustCheck check, CredentialStore store)
            throws CodexAuthException {
        if (!(choice instanceof SignIn.Pool pool)) {
            return List.of(choice.name());
        }
        List<CredentialId> members = new ArrayList<>();
        List<CredentialId> allowed = new ArrayList<>();
        for (CredentialId id : store.list()) {
            if (pool.contains(id)) {
                members.add(id);
                if (check.judge(new CredentialRequest(SignInMode.MANAGED, List.of(id)))
                        .isTrusted()) {
                    allowed.add(id);
                }
            }
        }
        if (members.isEmpty()) {
            throw NoSuchCredentialException.inPool(pool.name(), store.address());
        }
        return allowed.isEmpty() ? members : allowed;
    }

    /** The verdict that counts, with its tokens used up; nothing is held if there is none. */
    private TrustDecision.Trusted proof(Verdict before, boolean shared, LeaseWait turn, Lease lease, Storage storage)
            throws CodexAuthException {
        boolean allowed = false;
        try {
            // In the meantime the policy, and everything else, may have changed.
            Verdict last = turn.hasWaited()
                    ? trustOptions
                            .gather()
                            .judge(new CredentialRequest(SignInMode.MANAGED, List.of(lease.id()), shared))
                    : before;
            TrustDecision.Trusted proof = last.require();
            storage.usedTokens().useUp(last.signatures());
            allowed = true;
            return proof;
        } finally {
            if (!allowed) {
                lease.close();
            }
        }
    }

    /**
     * Takes up the session that {@code restore} left. Codex's settings are read only if Codex has to be asked about the
     * login: what is wrong with them must not keep a login from being saved.
     */
    CodexSession resume(CredentialId id, Path home, SignalInbox signals)
            throws CodexAuthException, InterruptedException {
        Storage storage = storeOptions.open();
        String writer = "persist on " + process.machine().host();
        return CodexSession.resume(
                DetachableStore.of(storage.store()),
                id,
                home,
                settings(
                        storage,
                        storeOptions.atRest(),
                        writer,
                        folder -> jobOptions
                                .config(denied(storage, Optional.empty()))
                                .forHome(folder),
                        signals));
    }

    /** Refuses, before anything is taken, a store in which no session can be left to later steps. */
    void requireDetachable() throws CodexAuthException {
        DetachableStore.of(storeOptions.open().store());
    }

    /** Where homes lie that have access to a login alone. */
    DatedHomes copies() throws CodexAuthException {
        return AccessCopy.homes(storeOptions.open().homes());
    }

    /** Lets Codex refresh; empty, and a sentence about it, if there is no Codex that could. */
    Optional<TokenRefresher> refresher() {
        Map<String, String> environment = JobEnvironment.withoutCredentials(process.environment());
        AppServer.Lookup lookup = JobUser.in(process.environment()).isPresent()
                ? AppServer.find(JobUser.ownStarter(), JobUser.ownEnvironment(environment), REFRESH_LIMIT)
                : AppServer.find(environment, REFRESH_LIMIT);
        if (lookup instanceof AppServer.Missing missing) {
            console.messages().say("no early refresh: " + missing.reason());
            return Optional.empty();
        }
        return Optional.of(((AppServer.Found) lookup).server());
    }

    private SessionSettings settings(
            Storage storage, AtRest atRest, String writer, HomeConfig config, SignalInbox signals) {
        return new SessionSettings(
                storage.homes(),
                config,
                new RefreshPatience(signals),
                new LoginSettings(
                        storage.rescue(),
                        atRest,
                        writer,
                        LoginSettings.USUAL_RETRIES,
                        process.clock(),
                        new ConsoleEvents(console.messages(), console::hide, process.clock())));
    }

    private List<Path> denied(Storage storage, Optional<SecretSource> seed) throws CodexAuthException {
        if (JobUser.in(process.environment()).isPresent()) {
            // What is ours that user cannot read anyway, and only its home is its own.
            return List.of();
        }
        List<Path> denied = new ArrayList<>(storage.privateFolders());
        denied.addAll(secretFiles(seed));
        return denied;
    }

    /** The same as an administrator has to name it, who cannot deny the homes as a whole. */
    private List<SecretPlace> secrets(Storage storage, Optional<SecretSource> seed) throws CodexAuthException {
        if (JobUser.in(process.environment()).isPresent()) {
            return List.of(SecretPlace.inHomesOf(storage.homes()));
        }
        List<SecretPlace> secrets = new ArrayList<>(storage.secretPlaces());
        secrets.addAll(SecretPlace.at(secretFiles(seed)));
        return secrets;
    }

    private List<Path> secretFiles(Optional<SecretSource> seed) throws CodexAuthException {
        List<Path> files = new ArrayList<>();
        files.addAll(storeOptions.secretFiles());
        files.addAll(SecretSource.files(seed));
        return files;
    }

    /** Reads a seed; a seed that names nothing readable stops the job, rather than letting it run on an old login. */
    static Optional<Seed> seed(Optional<SecretSource> source) throws CodexAuthException {
        return source.isEmpty()
                ? Optional.empty()
                : Optional.of(Seed.parse(
                        source.get().read(SecretLimits.SEED), source.get().name()));
    }
}
