package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.home.CodexConfig;
import io.github.codexauth.home.ScratchHomes;
import io.github.codexauth.home.SecretPlace;
import io.github.codexauth.runner.codex.CodexOnPath;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.SignIn;
import io.github.codexauth.runner.job.GivenRun;
import io.github.codexauth.runner.job.JobLaunch;
import io.github.codexauth.runner.job.ManagedRun;
import io.github.codexauth.runner.policy.TrustCheck;
import io.github.codexauth.runner.process.SignalHandlers;
import io.github.codexauth.runner.process.SignalInbox;
import io.github.codexauth.session.CodexSession;
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

    private final Surroundings here;

    private final SignInOptions signInOptions = new SignInOptions();

    private final StoreOptions storeOptions = new StoreOptions();

    private final TrustOptions trustOptions = new TrustOptions();

    private final LeaseOptions leaseOptions = new LeaseOptions();

    private final JobOptions jobOptions = new JobOptions();

    private final Opt<String> grace = Opt.text(
            "--grace", "TIME", "Between the signal that ends the job and its kill; default: 5s. [CODEX_AUTH_GRACE]");

    RunCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public String name() {
        return "run";
    }

    @Override
    public List<Opt<?>> options() {
        List<Opt<?>> options = new ArrayList<>();
        options.addAll(signInOptions.options());
        options.addAll(storeOptions.options());
        options.addAll(trustOptions.options());
        options.addAll(leaseOptions.options());
        options.addAll(jobOptions.options());
        options.add(grace);
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
    public int run(ParseResult typed) throws CodexAuthException, InterruptedException {
        Inputs inputs = here.inputs();
        SignIn signIn = signInOptions.choose(inputs);
        Duration wait = leaseOptions.wait(inputs);
        Duration graceTime = inputs.duration(grace.value(), "--grace", "GRACE").orElse(USUAL_GRACE);
        Optional<Duration> timeLimit = jobOptions.timeLimit(inputs);
        var command = CommandAfterDashes.of(typed);
        command.locate(here.environment());
        TrustCheck check = trustOptions.require(here, signIn);
        CodexOnPath codex = CodexOnPath.ask(command, here.environment());

        SignalInbox signals = new SignalInbox();
        SignalHandlers.install(signals);
        Console console = new Console(here);
        warnOfWhatTheJobCanRead(inputs, console.messages());
        JobLaunch launch = new JobLaunch(
                command, here.environment(), signals, console::jobOutput, graceTime, timeLimit, console.messages());
        if (signIn instanceof SignIn.Given given) {
            Path scratchHomes = here.stateFolder().scratchHomes();
            here.ownFolders().requireScratchHomes(scratchHomes);
            CodexConfig config = jobOptions.config(inputs, given.file().stream().toList());
            config.requireInForce(given.file().stream().map(SecretPlace::at).toList(), given.secretVariables());
            codex.require();
            return new GivenRun(launch, new ScratchHomes(scratchHomes), config, console::hide).run(given);
        }
        return runManaged((SignIn.Managed) signIn, check, codex, wait, launch, console);
    }

    private void warnOfWhatTheJobCanRead(Inputs inputs, Messages messages) {
        List<String> secrets = here.machine().environmentForgotten() ? List.of() : inputs.secretVariables();
        if (!secrets.isEmpty()) {
            messages.warn("this system does not let " + String.join(", ", secrets)
                    + " be taken out of our own environment, where the job can read it; give it as a file: "
                    + secrets.get(0) + "_FILE");
        }
    }

    private int runManaged(
            SignIn.Managed signIn,
            TrustCheck check,
            CodexOnPath codex,
            Duration wait,
            JobLaunch launch,
            Console console)
            throws CodexAuthException, InterruptedException {
        ManagedOpening opening = new ManagedOpening(here, console, storeOptions);
        CodexSession session = opening.open(signIn, check, trustOptions, codex, wait, jobOptions, launch.signals());
        return new ManagedRun(
                        launch,
                        opening::refresher,
                        jobOptions.budget(here.inputs()),
                        console.messages(),
                        console.report())
                .run(session);
    }
}
