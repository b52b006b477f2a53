package io.github.codexauth.runner.command;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command itself: its help, its subcommands, and how failures become messages and exit codes. */
@Command(
        name = "codex-auth",
        description = "Signs the Codex CLI in on private CI, and never loses a refreshed login.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = BuildVersion.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  codex-auth seed --id codex-ci --seed-file ~/.codex/auth.json",
            "  codex-auth run --id codex-ci --wait 15m -- codex exec \"fix the failing test\"",
            "  CODEX_AUTH_API_KEY_FILE=/run/secrets/openai codex-auth run -- codex exec \"review\"",
            "  codex-auth doctor"
        })
public final class CodexAuthCommand implements Runnable {
    private static final Map<String, String> EXIT_CODES = Map.ofEntries(
            Map.entry("0", "done; run: the job ended with 0"),
            Map.entry("64", "the command line or a variable makes no sense"),
            Map.entry("65", "unusable auth.json, key or token; or the login is dead"),
            Map.entry("66", "no such credential in the store"),
            Map.entry("69", "the store is missing, unreachable, read-only or damaged"),
            Map.entry("70", "a bug in codex-auth"),
            Map.entry("73", "no private CODEX_HOME could be made"),
            Map.entry("74", "the refreshed login could not be stored; a copy is kept"),
            Map.entry("75", "somebody else has the credential"),
            Map.entry("77", "refused: the job is not trusted"),
            Map.entry("78", "a wrong policy, age key or config.toml"),
            Map.entry("126", "run: the command is not executable"),
            Map.entry("127", "run: command not found"),
            Map.entry("128", "128+n: a signal ended it; run: any other code is the job's own"));

    private final Surroundings here;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and exit.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version and exit.")
    private boolean version;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Show where in the program an error came from. [CODEX_AUTH_DEBUG=1]")
    private boolean debug;

    private CodexAuthCommand(Surroundings here) {
        this.here = here;
    }

    /** Runs the command and answers its exit code. */
    public static int execute(Surroundings here, String... args) {
        return commandLine(here).execute(args);
    }

    /** The whole command line, for the generator of shell completions and for tests of its help. */
    public static CommandLine commandLine(Surroundings here) {
        CodexAuthCommand root = new CodexAuthCommand(here);
        CommandLine line = new CommandLine(root);
        // The job's own options are none of ours, even if the dashes before it were forgotten.
        line.addSubcommand(new CommandLine(new RunCommand(here)).setStopAtPositional(true));
        subcommands(here).forEach(line::addSubcommand);
        line.addSubcommand(new CompletionCommand(here));
        line.setOut(new java.io.PrintWriter(here.out(), true));
        line.setErr(new java.io.PrintWriter(here.err(), true));
        Failures failures = new Failures(here, root::wantsDebug);
        line.setParameterExceptionHandler(failures);
        line.setExecutionExceptionHandler(failures);
        describeExitCodes(line);
        return line;
    }

    @Override
    public void run() {
        spec.commandLine().usage(here.err());
        throw new CommandLine.ParameterException(spec.commandLine(), "no command was given");
    }

    private boolean wantsDebug() {
        return debug || here.inputs().variable("CODEX_AUTH_DEBUG").isPresent();
    }

    private static List<Object> subcommands(Surroundings here) {
        return List.of(
                new CheckCommand(here),
                new DoctorCommand(here),
                new SeedCommand(here),
                new StatusCommand(here),
                new KeepaliveCommand(here),
                new RestoreCommand(here),
                new PersistCommand(here),
                new RescueCommand(here),
                new KeygenCommand(here),
                new UnlockCommand(here));
    }

    private static void describeExitCodes(CommandLine line) {
        Map<String, String> inOrder = new java.util.LinkedHashMap<>();
        EXIT_CODES.keySet().stream()
                .sorted(java.util.Comparator.comparingInt(Integer::parseInt))
                .forEach(code -> inOrder.put(code, EXIT_CODES.get(code)));
        line.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(inOrder);
        line.getSubcommands().values().forEach(CodexAuthCommand::describeExitCodes);
    }
}
