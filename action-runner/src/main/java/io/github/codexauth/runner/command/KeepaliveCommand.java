package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.UsageException;
import io.github.codexauth.codex.TokenRefresher;
import io.github.codexauth.runner.codex.CodexOnPath;
import io.github.codexauth.runner.codex.NoCodexException;
import io.github.codexauth.runner.console.Json;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.input.SignIn;
import io.github.codexauth.runner.job.LoginUnusableException;
import io.github.codexauth.runner.job.SessionReport;
import io.github.codexauth.runner.option.Flag;
import io.github.codexauth.runner.option.JobOptions;
import io.github.codexauth.runner.option.Option;
import io.github.codexauth.runner.option.Options;
import io.github.codexauth.runner.option.SignInOptions;
import io.github.codexauth.runner.option.StoreOptions;
import io.github.codexauth.runner.option.TrustOptions;
import io.github.codexauth.runner.option.ValueOption;
import io.github.codexauth.runner.policy.TrustCheck;
import io.github.codexauth.runner.process.SignalHandlers;
import io.github.codexauth.runner.process.SignalInbox;
import io.github.codexauth.runner.storage.Storage;
import io.github.codexauth.session.CodexSession;
import io.github.codexauth.session.RefreshOutcome;
import io.github.codexauth.session.SessionEnd;
import io.github.codexauth.store.Lease;
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

    private static final ValueOption<Duration> WITHIN =
            ValueOption.duration("--within", "WITHIN", "Refresh what ends within this time; default: 8d.");

    private static final Flag AGAIN = new Flag(
            "--again", "Ask OpenAI again about a login that is known to need a new one, should that be wrong.");

    private final ProcessContext process;

    KeepaliveCommand(ProcessContext process) {
        this.process = process;
    }

    @Override
    public String name() {
        return "keepalive";
    }

    @Override
    public List<Option> options() {
        List<Option> options = new ArrayList<>();
        options.add(Options.ID);
        options.add(Options.SEED_FILE);
        options.add(WITHIN);
        options.add(AGAIN);
        options.addAll(StoreOptions.ALL);
        options.add(Options.POLICY);
        options.add(Options.WAIT);
        options.addAll(JobOptions.ALL);
        options.add(Options.JSON);
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Let Codex refresh the login now if its access token ends soon. For a weekly timer.");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) throws CodexAuthException, InterruptedException {
        SignIn.Managed signIn = new SignInOptions(inputs).chooseManaged();
        Optional<CredentialId> askedAgain = AGAIN.isIn(inputs) ? Optional.of(one(signIn)) : Optional.empty();
        Duration budget = WITHIN.in(inputs).orElse(USUAL);
        Duration wait = Options.WAIT.in(inputs).orElse(Duration.ZERO);
        TrustCheck check = new TrustOptions(process, inputs).require(signIn, Console.messages(process));
        CodexOnPath codex = CodexOnPath.ask(process.environment());
        SignalInbox signals = new SignalInbox();
        SignalHandlers.install(signals);
        Console console = new Console(process);
        ManagedOpening opening = new ManagedOpening(process, inputs, console);
        TokenRefresher refresher = opening.refresher().orElseThrow(NoCodexException::new);
        if (askedAgain.isPresent()) {
            forgetThatItNeedsLogin(inputs, askedAgain.get(), wait);
        }
        CodexSession session = opening.open(signIn, check, codex, wait, signals);
        SessionReport report = console.report();
        SessionEnd end;
        RefreshOutcome outcome;
        try {
            outcome = session.refreshEarly(refresher, budget);
            requireRefreshed(session, outcome);
            report.refreshed(session.current().id(), outcome);
        } finally {
            end = session.finish();
        }
        report.ended(end, session.home().folder());
        if (outcome instanceof RefreshOutcome.NotDue) {
            report.opened(end.current());
        }
        if (Options.JSON.isIn(inputs)) {
            Json.print(process.out(), LoginJson.of(end.current()).put("refreshed", end.refreshed()));
        }
        return ExitCode.OK.number();
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

    private void forgetThatItNeedsLogin(Inputs inputs, CredentialId id, Duration wait)
            throws CodexAuthException, InterruptedException {
        StoreOptions options = new StoreOptions(process, inputs);
        OperatorWork work = new OperatorWork(process, name());
        Storage storage = options.open();
        try (Lease lease = work.acquire(storage, id, wait)) {
            work.upkeep(storage, options.atRest()).forgetThatItNeedsLogin(lease);
        }
    }
}
