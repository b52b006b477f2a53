package io.github.codexauth.runner.command;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
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
    private static final Map<String, String> EXIT_CODES = exitCodes();

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
        // Picocli reads the annotations of every command it is given: 10 ms each, which only the one that was typed is
        // worth.
        Map<String, Supplier<Object>> all = subcommands(here);
        if (args.length > 0 && !args[0].equals("completion")) {
            all.keySet().removeIf(name -> all.containsKey(args[0]) && !name.equals(args[0]));
        }
        return commandLine(here, all).execute(args);
    }

    /** The whole command line. */
    static CommandLine commandLine(Surroundings here) {
        return commandLine(here, subcommands(here));
    }

    private static CommandLine commandLine(Surroundings here, Map<String, Supplier<Object>> subcommands) {
        CodexAuthCommand root = new CodexAuthCommand(here);
        CommandLine line = new CommandLine(root);
        subcommands.forEach((name, subcommand) -> line.addSubcommand(name, subcommand(subcommand.get())));
        line.setOut(new PrintWriter(here.out(), true));
        line.setErr(new PrintWriter(here.err(), true));
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

    private static CommandLine subcommand(Object command) {
        // The job's own options are none of ours, even if the dashes before it were forgotten.
        return new CommandLine(command).setStopAtPositional(command instanceof RunCommand);
    }

    private static Map<String, Supplier<Object>> subcommands(Surroundings here) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("run", () -> new RunCommand(here));
        commands.put("check", () -> new CheckCommand(here));
        commands.put("doctor", () -> new DoctorCommand(here));
        commands.put("seed", () -> new SeedCommand(here));
        commands.put("status", () -> new StatusCommand(here));
        commands.put("keepalive", () -> new KeepaliveCommand(here));
        commands.put("restore", () -> new RestoreCommand(here));
        commands.put("persist", () -> new PersistCommand(here));
        commands.put("rescue", () -> new RescueCommand(here));
        commands.put("keygen", () -> new KeygenCommand(here));
        commands.put("unlock", () -> new UnlockCommand(here));
        commands.put("completion", () -> new CompletionCommand(here));
        return commands;
    }

    private static Map<String, String> exitCodes() {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "done; run: the job ended with 0");
        codes.put("64", "the command line or a variable makes no sense");
        codes.put("65", "unusable auth.json, key or token; or the login is dead");
        codes.put("66", "no such credential in the store");
        codes.put("69", "the store is missing, unreachable, read-only or damaged");
        codes.put("70", "a bug in codex-auth");
        codes.put("73", "no private CODEX_HOME could be made");
        codes.put("74", "the refreshed login could not be stored; a copy is kept");
        codes.put("75", "somebody else has the credential");
        codes.put("77", "refused: the job is not trusted");
        codes.put("78", "a wrong policy, age key or config.toml");
        codes.put("126", "run: the command is not executable");
        codes.put("127", "run: command not found");
        codes.put("128", "128+n: a signal ended it; run: every other code is the job's own");
        return codes;
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
