package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuth;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.SecretText;
import io.github.codexauth.SignInMode;
import io.github.codexauth.UsageException;
import io.github.codexauth.broker.LoopbackServer;
import io.github.codexauth.handover.AccessHandover;
import io.github.codexauth.handover.BrokerSettings;
import io.github.codexauth.handover.BrokeredHandover;
import io.github.codexauth.home.CodexConfig;
import io.github.codexauth.home.HomeException;
import io.github.codexauth.home.ScratchHomes;
import io.github.codexauth.home.SecretPlace;
import io.github.codexauth.runner.codex.CodexOnPath;
import io.github.codexauth.runner.codex.Confinement;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.input.Give;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.input.SignIn;
import io.github.codexauth.runner.job.GivenRun;
import io.github.codexauth.runner.job.JobLaunch;
import io.github.codexauth.runner.job.KeptLoginRun;
import io.github.codexauth.runner.job.ManagedRun;
import io.github.codexauth.runner.oidc.FreshIdentityToken;
import io.github.codexauth.runner.oidc.IdentityTokens;
import io.github.codexauth.runner.option.JobOptions;
import io.github.codexauth.runner.option.Option;
import io.github.codexauth.runner.option.Options;
import io.github.codexauth.runner.option.SignInOptions;
import io.github.codexauth.runner.option.StoreOptions;
import io.github.codexauth.runner.option.TrustOptions;
import io.github.codexauth.runner.option.ValueOption;
import io.github.codexauth.runner.policy.TrustCheck;
import io.github.codexauth.runner.process.Command;
import io.github.codexauth.runner.process.JobUser;
import io.github.codexauth.runner.process.SignalHandlers;
import io.github.codexauth.runner.process.SignalInbox;
import io.github.codexauth.runner.storage.OwnFolders;
import io.github.codexauth.runner.storage.StateFolder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.SharedUseStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** Runs a job that is signed in. */
final class RunCommand implements Subcommand {
    private static final Duration USUAL_GRACE = Duration.ofSeconds(5);

    private static final ValueOption<Duration> GRACE =
            ValueOption.duration("--grace", "GRACE", "Between the signal that ends the job and its kill; default: 5s.");

    private static final ValueOption<Path> INPUT =
            ValueOption.path("--input", "INPUT", "FILE", "What the command reads; default: what we are given to read.");

    private final ProcessContext process;

    RunCommand(ProcessContext process) {
        this.process = process;
    }

    @Override
    public String name() {
        return "run";
    }

    @Override
    public List<Option> options() {
        List<Option> options = new ArrayList<>();
        options.addAll(SignInOptions.ALL);
        options.addAll(StoreOptions.ALL);
        options.add(Options.POLICY);
        options.add(Options.WAIT);
        options.addAll(JobOptions.ALL);
        options.add(Options.GIVE);
        options.add(Options.SHARED);
        options.add(GRACE);
        options.add(INPUT);
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        // The job's own options are none of ours, even if the dashes before it were forgotten.
        spec.parser().stopAtPositional(true);
        spec.addPositional(PositionalParamSpec.builder()
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("0..*")
                .paramLabel("COMMAND")
                .hidden(true)
                .build());
        spec.usageMessage()
                .description("Run a command that is signed in to Codex.")
                .customSynopsis("codex-auth run [OPTIONS] -- COMMAND [ARG…]")
                .footerHeading("%nExamples:%n")
                .footer(
                        "  codex-auth run --id codex-ci --wait 15m --timeout 2h -- codex exec \"fix the failing test\"",
                        "  codex-auth run --pool team-a --wait 15m -- ./agent.sh",
                        "  codex-auth run --api-key-file /run/secrets/openai -- codex exec \"review this change\"");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) throws CodexAuthException, InterruptedException {
        SignIn signIn = new SignInOptions(inputs).choose();
        Duration wait = Options.WAIT.in(inputs).orElse(Duration.ZERO);
        Duration graceTime = GRACE.in(inputs).orElse(USUAL_GRACE);
        Optional<Duration> timeLimit = Options.TIMEOUT.in(inputs);
        JobOptions jobOptions = new JobOptions(inputs);
        Optional<Give> asked = jobOptions.giveFor(signIn);
        boolean shared = jobOptions.shared(signIn);
        var command = CommandAfterDashes.of(parsed)
                .as(JobUser.in(process.environment()))
                .reading(input(inputs));
        command.locate(process.environment());
        TrustCheck check = new TrustOptions(process, inputs).require(signIn, Console.messages(process));
        CodexOnPath codex = CodexOnPath.ask(command, process.environment());
        // What the user decided needs no looking, but where it is to be said what nobody hides.
        boolean decided = asked.isPresent() && asked.get() != Give.NOTHING;
        Confinement confinement = decided ? Confinement.UNTRIED : Confinement.ask(command);

        SignalInbox signals = new SignalInbox();
        SignalHandlers.install(signals);
        Console console = new Console(process);
        warnOfWhatTheJobCanRead(inputs, console.messages());
        JobLaunch launch = new JobLaunch(
                command, process.environment(), signals, console::jobOutput, graceTime, timeLimit, console.messages());
        Give usual = signIn instanceof SignIn.Managed ? Give.ACCESS : Give.ALL;
        GiveDecision decision = new GiveDecision(asked, usual, confinement, console.messages());
        BrokerOpening broker = new BrokerOpening(process, check.settings(), Options.CODEX_CONFIG.in(inputs));
        if (signIn instanceof SignIn.Given given) {
            return runGiven(inputs, given, jobOptions, decision, broker, codex, launch, console);
        }
        if (signIn instanceof SignIn.AskedIdentity asking) {
            IdentityTokens tokens = IdentityTokens.of(
                    process.environment(), asking.audience(), check.settings().authorities(process.environment()));
            try (ScratchHomes.Scratch place = scratchHomes().create();
                    FreshIdentityToken token = FreshIdentityToken.in(
                            place.home().folder(), tokens, new TokenOfJob(console, launch.command()))) {
                SignIn.Given identity = asking.lyingIn(place.home().folder(), token.file());
                return runGiven(inputs, identity, jobOptions, decision, broker, codex, launch, console);
            }
        }
        return runManaged(
                inputs, (SignIn.Managed) signIn, decision, broker, shared, check, codex, wait, launch, console);
    }

    private int runGiven(
            Inputs inputs,
            SignIn.Given signIn,
            JobOptions jobOptions,
            GiveDecision decision,
            BrokerOpening broker,
            CodexOnPath codex,
            JobLaunch launch,
            Console console)
            throws CodexAuthException, InterruptedException {
        ScratchHomes homes = scratchHomes();
        // Another user than ours reaches no file of ours, and finds nothing in its home that would have to be hidden.
        boolean apart = launch.command().user().isPresent();
        List<Path> reachable = apart || signIn.file().isEmpty()
                ? List.of()
                : List.of(signIn.file().get());
        ManagedOpening.requireConfigOfJob(process, inputs);
        CodexConfig usual = jobOptions.config(reachable);
        CodexConfig config = apart ? usual.showingHome() : usual;
        CodexAuth auth = signIn.read();
        console.hide(auth.secrets());
        GiveDecision.Decision decided =
                decision.take(config, SecretPlace.at(reachable), signIn.secretVariables(), GivenRun.isBrokered(auth));
        codex.require();
        GivenRun run = new GivenRun(launch, homes);
        return decided.give() == Give.NOTHING
                ? run.throughBroker(auth, broker.settings(decided.config(), signIn.mode()))
                : run.with(auth, decided.config());
    }

    /** A file that the job could read itself, and that is there: Java would say no more than that it cannot start. */
    private Optional<Path> input(Inputs inputs) throws CodexAuthException {
        Optional<Path> file = INPUT.in(inputs);
        if (file.isPresent()) {
            Optional<JobUser> user = JobUser.in(process.environment());
            if (user.isPresent()) {
                user.get().requireReadable(INPUT.name(), file.get());
            }
            if (!Files.isRegularFile(file.get()) || !Files.isReadable(file.get())) {
                throw new UsageException(
                        "--input (CODEX_AUTH_INPUT) names " + file.get() + ", and that is no file that can be read",
                        "look at it: ls -l " + file.get());
            }
        }
        return file;
    }

    private ScratchHomes scratchHomes() throws CodexAuthException {
        Path folder = StateFolder.of(process.environment(), process.machine().userHome())
                .scratchHomes();
        OwnFolders.of(process.environment()).requireScratchHomes(folder);
        return new ScratchHomes(folder);
    }

    /** A token in the log is masked; one in its file belongs to whoever the job runs as. */
    private record TokenOfJob(Console console, Command command) implements FreshIdentityToken.Watcher {
        @Override
        public void comes(List<SecretText> token) {
            console.hide(token);
        }

        @Override
        public void lies(Path file) throws HomeException {
            if (command.user().isPresent()) {
                command.user().get().tenant().receive(file);
            }
        }

        @Override
        public void isLate(String sentence) {
            console.messages().warn(sentence);
        }
    }

    private void warnOfWhatTheJobCanRead(Inputs inputs, Messages messages) {
        if (process.machine().environmentForgotten()) {
            return;
        }
        List<String> secrets = new ArrayList<>();
        for (Option option : options()) {
            if (option instanceof ValueOption<?> value) {
                value.secretVariable(inputs).ifPresent(secrets::add);
            }
        }
        if (!secrets.isEmpty()) {
            messages.warn("this system does not let " + String.join(", ", secrets)
                    + " be taken out of our own environment, where the job can read it; give it as a file: "
                    + secrets.get(0) + "_FILE");
        }
    }

    private int runManaged(
            Inputs inputs,
            SignIn.Managed signIn,
            GiveDecision decision,
            BrokerOpening broker,
            boolean shared,
            TrustCheck check,
            CodexOnPath codex,
            Duration wait,
            JobLaunch launch,
            Console console)
            throws CodexAuthException, InterruptedException {
        ManagedOpening opening = new ManagedOpening(process, inputs, console);
        ManagedOpening.Taken taken = opening.take(signIn, decision, shared, check, codex, wait, launch.signals());
        if (taken.give() == Give.ALL) {
            return new ManagedRun(
                            launch,
                            opening::refresher,
                            new JobOptions(inputs).budget(),
                            console.messages(),
                            console.report())
                    .run(taken.open());
        }
        // A lease that is given back after the first turn is closed twice, which does nothing.
        try (Lease lease = taken.lease();
                SharedUseStore.Use use = taken.use()) {
            return new KeptLoginRun(
                            launch,
                            taken.settings().homes(),
                            handover(taken, broker),
                            console.messages(),
                            console.report())
                    .run(taken.keep(opening::refresher), taken.seed());
        }
    }

    private KeptLoginRun.HandingOver handover(ManagedOpening.Taken taken, BrokerOpening broker)
            throws CodexAuthException {
        LoopbackServer.prepare();
        if (taken.give() == Give.ACCESS) {
            return (login, home) -> AccessHandover.into(home, taken.settings().homeConfig(), login, process.clock());
        }
        BrokerSettings settings = broker.settings(taken.config(), SignInMode.MANAGED);
        return (login, home) -> BrokeredHandover.of(login, home, settings, process.clock());
    }
}
