package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.codex.TokenRefresher;
import io.github.codexauth.runner.codex.CodexOnPath;
import io.github.codexauth.runner.codex.NoCodexException;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.SignIn;
import io.github.codexauth.runner.input.SignInChoice;
import io.github.codexauth.runner.input.UsageException;
import io.github.codexauth.runner.job.LoginUnusableException;
import io.github.codexauth.runner.job.SessionReport;
import io.github.codexauth.runner.policy.TrustCheck;
import io.github.codexauth.runner.process.SignalHandlers;
import io.github.codexauth.runner.process.SignalInbox;
import io.github.codexauth.runner.storage.Storage;
import io.github.codexauth.session.CodexSession;
import io.github.codexauth.session.RefreshOutcome;
import io.github.codexauth.session.SessionEnd;
import io.github.codexauth.store.Lease;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Keeps a login alive that no job uses for a while. */
final class KeepaliveCommand implements Subcommand {
    /** A weekly timer that is a day late still finds every login alive. */
    private static final Duration USUAL = Duration.ofDays(8);

    private final Surroundings here;

    private final CredentialOption credentialOption = new CredentialOption();

    private final Opt<Path> seedFile = Opt.path(
            "--seed-file",
            "FILE",
            "The auth.json to start from if the store has none. [CODEX_AUTH_JSON, CODEX_AUTH_JSON_FILE]");

    private final Opt<String> within =
            Opt.text("--within", "TIME", "Refresh what ends within this time; default: 8d. [CODEX_AUTH_WITHIN]");

    private final Opt<Boolean> again = Opt.flag(
            "--again", "Ask OpenAI again about a login that is known to need a new one, should that be wrong.");

    private final StoreOptions storeOptions = new StoreOptions();

    private final TrustOptions trustOptions = new TrustOptions();

    private final LeaseOptions leaseOptions = new LeaseOptions();

    private final JobOptions jobOptions = new JobOptions();

    private final JsonOption json = new JsonOption();

    KeepaliveCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public String name() {
        return "keepalive";
    }

    @Override
    public List<Opt<?>> options() {
        List<Opt<?>> options = new ArrayList<>();
        options.addAll(credentialOption.options());
        options.add(seedFile);
        options.add(within);
        options.add(again);
        options.addAll(storeOptions.options());
        options.addAll(trustOptions.options());
        options.addAll(leaseOptions.options());
        options.addAll(jobOptions.options());
        options.addAll(json.options());
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Let Codex refresh the login now if its access token ends soon. For a weekly timer.");
    }

    @Override
    public int run(ParseResult typed) throws CodexAuthException, InterruptedException {
        Inputs inputs = here.inputs();
        SignIn.Managed signIn = new SignInChoice(
                        null, null, null, null, credentialOption.typed(), null, seedFile.value())
                .managed(inputs);
        Optional<CredentialId> askedAgain = again.isSet() ? Optional.of(one(signIn)) : Optional.empty();
        Duration budget = inputs.duration(within.value(), "--within", "WITHIN").orElse(USUAL);
        TrustCheck check = trustOptions.require(here, signIn);
        CodexOnPath codex = CodexOnPath.ask(here.environment());
        SignalInbox signals = new SignalInbox();
        SignalHandlers.install(signals);
        Console console = new Console(here);
        ManagedOpening opening = new ManagedOpening(here, console, storeOptions);
        TokenRefresher refresher = opening.refresher().orElseThrow(NoCodexException::new);
        if (askedAgain.isPresent()) {
            forgetThatItNeedsLogin(askedAgain.get(), leaseOptions.wait(inputs));
        }
        CodexSession session =
                opening.open(signIn, check, trustOptions, codex, leaseOptions.wait(inputs), jobOptions, signals);
        SessionReport report = console.report();
        SessionEnd end;
        RefreshOutcome outcome;
        try {
            outcome = session.refreshEarly(refresher, budget);
            requireRefreshed(session, outcome);
            report.refreshed(session, outcome);
        } finally {
            end = session.finish();
        }
        report.ended(session, end);
        if (outcome instanceof RefreshOutcome.NotDue) {
            report.opened(end.current());
        }
        json.print(here, () -> LoginJson.of(end.current()).put("refreshed", end.refreshed()));
        return ExitCode.OK;
    }

    private static CredentialId one(SignIn.Managed signIn) throws UsageException {
        if (signIn.choice() instanceof SignIn.One one) {
            return one.name();
        }
        throw new UsageException(
                "--again is about one login, and CODEX_AUTH_POOL names several",
                "name one of them: unset CODEX_AUTH_POOL, and add --id NAME");
    }

    /** A timer whose refresh fails while the access token lasts still has to show that it fails. */
    private static void requireRefreshed(CodexSession session, RefreshOutcome outcome) throws LoginUnusableException {
        if (outcome instanceof RefreshOutcome.Failed failed) {
            throw new LoginUnusableException(session.current().id(), failed.why());
        }
    }

    private void forgetThatItNeedsLogin(CredentialId id, Duration wait)
            throws CodexAuthException, InterruptedException {
        OperatorWork work = new OperatorWork(here, name());
        Storage storage = storeOptions.open(here);
        try (Lease lease = work.acquire(storage, id, wait)) {
            work.upkeep(storage, storeOptions.atRest(here.inputs())).forgetThatItNeedsLogin(lease);
        }
    }
}
