package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuth;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.codex.TokenRefresher;
import io.github.codexauth.runner.codex.CodexOnPath;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.SignIn;
import io.github.codexauth.runner.input.SignInChoice;
import io.github.codexauth.runner.input.UsageException;
import io.github.codexauth.runner.job.SessionReport;
import io.github.codexauth.runner.process.JobSignal;
import io.github.codexauth.runner.process.SignalHandlers;
import io.github.codexauth.runner.process.SignalInbox;
import io.github.codexauth.runner.workflow.StepFiles;
import io.github.codexauth.runner.workflow.StepReport;
import io.github.codexauth.session.CodexSession;
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

    private final Surroundings here;

    private final CredentialOption credentialOption = new CredentialOption();

    private final Opt<String> pool =
            Opt.text("--pool", "NAME", "Any free credential whose id begins with 'NAME.'. [CODEX_AUTH_POOL]");

    private final Opt<Path> seedFile = Opt.path(
            "--seed-file",
            "FILE",
            "The auth.json to start from if the store has none. [CODEX_AUTH_JSON, CODEX_AUTH_JSON_FILE]");

    private final Opt<Path> homesOnHost = Opt.path(
            "--homes-on-host",
            "FOLDER",
            "What the folder of --homes is called where the next steps run, should this be a container and they be not."
                    + " [CODEX_AUTH_HOMES_ON_HOST]");

    private final StoreOptions storeOptions = new StoreOptions();

    private final TrustOptions trustOptions = new TrustOptions();

    private final LeaseOptions leaseOptions = new LeaseOptions();

    private final JobOptions jobOptions = new JobOptions();

    RestoreCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public String name() {
        return "restore";
    }

    @Override
    public List<Opt<?>> options() {
        List<Opt<?>> options = new ArrayList<>();
        options.addAll(credentialOption.options());
        options.add(pool);
        options.add(seedFile);
        options.addAll(storeOptions.options());
        options.addAll(trustOptions.options());
        options.addAll(leaseOptions.options());
        options.addAll(jobOptions.options());
        options.add(homesOnHost);
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Restore a login for the next steps of this job; persist has to follow, whatever happens.")
                .footerHeading("%nExample:%n")
                .footer(
                        "  eval \"$(codex-auth restore --id codex-ci --wait 15m --timeout 2h)\"",
                        "  trap 'codex-auth persist' EXIT",
                        "  codex exec \"fix the failing test\"");
    }

    @Override
    public int run(ParseResult typed) throws CodexAuthException, InterruptedException {
        Inputs inputs = here.inputs();
        SignIn.Managed signIn = (SignIn.Managed)
                new SignInChoice(null, null, null, null, credentialOption.typed(), pool.value(), seedFile.value())
                        .in(inputs);
        Duration budget = jobOptions.budget(inputs);
        Admission admission = Admission.of(here, trustOptions, signIn);
        CodexOnPath codex = CodexOnPath.ask(here.environment());
        SignalInbox signals = new SignalInbox();
        SignalHandlers.install(signals);
        Console console = new Console(here);
        ManagedOpening opening = new ManagedOpening(here, console, storeOptions);
        opening.requireDetachable();
        CodexSession session =
                opening.open(signIn, admission, trustOptions, codex, leaseOptions.wait(inputs), jobOptions, signals);
        boolean left = false;
        try {
            SessionReport report = console.report();
            Optional<TokenRefresher> refresher = session.endsWithin(budget) ? opening.refresher() : Optional.empty();
            if (refresher.isPresent()) {
                report.refreshed(session, session.refreshEarly(refresher.get(), budget));
            }
            report.opened(session.current());
            Path home = session.home().folder();
            StepFiles files = new StepFiles(here.environment());
            exportToLaterSteps(files, home);
            new StepReport(files, here.clock()).opened(session.current());
            if (signals.first().isEmpty()) {
                Instant deadline = here.clock().instant().plus(budget);
                session.leave(deadline);
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
        return left ? ExitCode.OK : signals.first().map(JobSignal::exitCode).orElse(ExitCode.OK);
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
        here.out().print(script);
        here.out().flush();
    }

    private String seenByLaterSteps(Path home) throws CodexAuthException {
        Optional<Path> onHost = here.inputs().path(homesOnHost.value(), "HOMES_ON_HOST");
        Optional<Path> homes = storeOptions.homes(here.inputs());
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
    private void exportToLaterSteps(StepFiles files, Path home) throws CodexAuthException {
        String seenByLaterSteps = seenByLaterSteps(home);
        files.variable("CODEX_HOME", seenByLaterSteps);
        files.output("codex-home", seenByLaterSteps);
        files.state(HOME_STATE, home.toString());
    }
}
