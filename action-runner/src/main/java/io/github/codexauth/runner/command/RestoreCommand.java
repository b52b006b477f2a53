package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuth;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.UsageException;
import io.github.codexauth.codex.TokenRefresher;
import io.github.codexauth.home.HomeException;
import io.github.codexauth.runner.codex.CodexOnPath;
import io.github.codexauth.runner.input.Give;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.input.SignIn;
import io.github.codexauth.runner.job.AccessCopy;
import io.github.codexauth.runner.job.SessionReport;
import io.github.codexauth.runner.option.JobOptions;
import io.github.codexauth.runner.option.Option;
import io.github.codexauth.runner.option.Options;
import io.github.codexauth.runner.option.SignInOptions;
import io.github.codexauth.runner.option.StoreOptions;
import io.github.codexauth.runner.option.TrustOptions;
import io.github.codexauth.runner.option.ValueOption;
import io.github.codexauth.runner.policy.TrustCheck;
import io.github.codexauth.runner.process.JobSignal;
import io.github.codexauth.runner.process.JobUser;
import io.github.codexauth.runner.process.SignalHandlers;
import io.github.codexauth.runner.process.SignalInbox;
import io.github.codexauth.runner.workflow.StepFiles;
import io.github.codexauth.runner.workflow.StepReport;
import io.github.codexauth.session.CodexSession;
import io.github.codexauth.store.Lease;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The first half of run: restores the login for the steps that follow. */
final class RestoreCommand implements Subcommand {
    /** The name under which a step's state keeps where the home is. */
    static final String HOME_STATE = "home";

    private static final ValueOption<Path> HOMES_ON_HOST = ValueOption.path(
            "--homes-on-host",
            "HOMES_ON_HOST",
            "FOLDER",
            "What the folder of --homes is called where the next steps run, should this be a container and they be not.");

    private final ProcessContext process;

    RestoreCommand(ProcessContext process) {
        this.process = process;
    }

    @Override
    public String name() {
        return "restore";
    }

    @Override
    public List<Option> options() {
        List<Option> options = new ArrayList<>();
        options.add(Options.ID);
        options.add(Options.POOL);
        options.add(Options.SEED_FILE);
        options.addAll(StoreOptions.ALL);
        options.add(Options.POLICY);
        options.add(Options.WAIT);
        options.addAll(JobOptions.ALL);
        options.add(Options.GIVE);
        options.add(HOMES_ON_HOST);
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description(
                        "Restore a login for the next steps of this job; persist has to follow, whatever happens, but for"
                                + " --give access.")
                .footerHeading("%nExamples:%n")
                .footer(
                        "  eval \"$(codex-auth restore --id codex-ci --wait 15m --timeout 2h)\"",
                        "  trap 'codex-auth persist' EXIT",
                        "  codex exec \"fix the failing test\"",
                        "",
                        "  eval \"$(codex-auth restore --id codex-ci --give access --timeout 2h)\"",
                        "  codex exec \"review this change\"");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) throws CodexAuthException, InterruptedException {
        SignIn.Managed signIn = new SignInOptions(inputs).chooseManaged();
        Give give = new JobOptions(inputs).giveToLaterSteps();
        TrustCheck check = new TrustOptions(process, inputs).require(signIn, Console.messages(process));
        CodexOnPath codex = CodexOnPath.ask(process.environment());
        SignalInbox signals = new SignalInbox();
        SignalHandlers.install(signals);
        Console console = new Console(process);
        ManagedOpening opening = new ManagedOpening(process, inputs, console);
        Duration wait = Options.WAIT.in(inputs).orElse(Duration.ZERO);
        boolean done;
        if (give == Give.ACCESS) {
            // Nothing is held afterwards, so others can have the login while the next steps use it.
            done = copy(inputs, opening.takeAccess(signIn, check, codex, wait, signals), opening, signals, console);
        } else {
            opening.requireDetachable();
            done = leave(inputs, opening.open(signIn, check, codex, wait, signals), opening, signals, console);
        }
        return done
                ? ExitCode.OK.number()
                : signals.first().map(JobSignal::exitCode).orElse(ExitCode.OK.number());
    }

    /** Leaves the whole login to the next steps; answers whether no signal came before. */
    private boolean leave(
            Inputs inputs, CodexSession session, ManagedOpening opening, SignalInbox signals, Console console)
            throws CodexAuthException, InterruptedException {
        Duration budget = new JobOptions(inputs).budget();
        boolean left = false;
        try {
            SessionReport report = console.report();
            Optional<TokenRefresher> refresher = session.endsWithin(budget) ? opening.refresher() : Optional.empty();
            if (refresher.isPresent()) {
                report.refreshed(session.current().id(), session.refreshEarly(refresher.get(), budget));
            }
            report.opened(session.current());
            Path home = session.home().folder();
            StepFiles files = new StepFiles(process.environment());
            exportToLaterSteps(files, seenByLaterSteps(inputs, home), home);
            new StepReport(files, process.clock()).opened(session.current());
            if (signals.first().isEmpty()) {
                Instant deadline = process.clock().instant().plus(budget);
                lend(home);
                session.leave(budget);
                left = true;
                console.messages()
                        .say("the login is this job's until codex-auth persist, at the latest until " + deadline);
                printExports(home);
            }
        } finally {
            if (!left) {
                session.finish();
            }
        }
        return left;
    }

    /** Leaves access alone to the next steps; answers whether no signal came before. */
    private boolean copy(
            Inputs inputs, ManagedOpening.Taken taken, ManagedOpening opening, SignalInbox signals, Console console)
            throws CodexAuthException, InterruptedException {
        AccessCopy.Made made;
        // Given back after its turn already, and closed twice, which does nothing.
        try (Lease lease = taken.lease()) {
            made = new AccessCopy(taken.settings(), console.report(), process.clock())
                    .make(taken.keep(opening::refresher), taken.seed(), new JobOptions(inputs).budget());
        }
        Path home = made.home().folder();
        boolean left = false;
        try {
            exportToLaterSteps(new StepFiles(process.environment()), seenByLaterSteps(inputs, home), home);
            if (signals.first().isEmpty()) {
                lend(home);
                left = true;
                console.messages()
                        .say("the next steps have access to the login "
                                + made.end().map(end -> "until " + end).orElse("for as long as its access token lasts")
                                + ", and cannot refresh it; nothing is held, and nothing has to be saved");
                printExports(home);
            }
        } finally {
            if (!left) {
                made.home().wipe();
            }
        }
        return left;
    }

    /** Where the next steps are another user's. */
    private void lend(Path home) throws HomeException {
        Optional<JobUser> user = JobUser.in(process.environment());
        if (user.isPresent()) {
            user.get().tenant().moveInto(home);
        }
    }

    /** For a shell's eval. */
    private void printExports(Path home) {
        StringBuilder script = new StringBuilder();
        script.append("export CODEX_HOME='")
                .append(home.toString().replace("'", "'\\''"))
                .append("'\n");
        script.append("unset ")
                .append(String.join(" ", CodexAuth.CREDENTIAL_VARIABLES))
                .append('\n');
        process.out().print(script);
        process.out().flush();
    }

    private static String seenByLaterSteps(Inputs inputs, Path home) throws CodexAuthException {
        Optional<Path> onHost = HOMES_ON_HOST.in(inputs);
        Optional<Path> homes = Options.HOMES.in(inputs);
        if (onHost.isEmpty()) {
            return home.toString();
        }
        if (homes.isEmpty()) {
            throw new UsageException(
                    "--homes-on-host was given without --homes", "say which folder here it is: --homes FOLDER");
        }
        return onHost.get().resolve(realPath(homes.get()).relativize(home)).toString();
    }

    private static Path realPath(Path homes) throws UsageException {
        try {
            return homes.toRealPath();
        } catch (IOException e) {
            throw new UsageException("there is no folder " + homes, "make it first: mkdir -m 700 " + homes);
        }
    }

    /** GitHub's ways to hand values to the job's later steps, and to this one's post step. */
    private static void exportToLaterSteps(StepFiles files, String seenByLaterSteps, Path home)
            throws CodexAuthException {
        files.variable("CODEX_HOME", seenByLaterSteps);
        files.output("codex-home", seenByLaterSteps);
        files.state(HOME_STATE, home.toString());
    }
}
