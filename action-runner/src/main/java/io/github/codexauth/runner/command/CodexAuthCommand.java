package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.UsageException;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.option.Option;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command itself: its help, its subcommands, and how failures become messages and exit codes. */
public final class CodexAuthCommand {
    private static final String NAME = "codex-auth";
    private static final String DEBUG = "--debug";
    private static final List<String> VERSION = List.of("-V", "--version");
    /** In the order in which help shows them. */
    private static final List<String> SUBCOMMANDS = List.of(
            "run",
            "check",
            "doctor",
            "seed",
            "status",
            "store",
            "keepalive",
            "restore",
            "persist",
            "rescue",
            "keygen",
            "unlock",
            "action",
            CompletionCommand.NAME,
            ManualCommand.NAME);
    /** What these print is about all of them. */
    private static final List<String> OF_ALL = List.of(CompletionCommand.NAME, ManualCommand.NAME);

    private final ProcessContext process;

    private CodexAuthCommand(ProcessContext process) {
        this.process = process;
    }

    /** The exit code that stands for a mistake in the program itself. */
    public static int exitCodeOfBugs() {
        return ExitCode.BUG.number();
    }

    /** Runs the command and answers its exit code; whatever goes wrong, nothing is thrown. */
    public static int execute(ProcessContext process, String... args) {
        ErrorReport failures = new ErrorReport(process, wantsDebug(process.environment(), args));
        // Not by picocli's own execute, which answers what nobody expected with a trace of everything, and 1.
        try {
            CodexAuthCommand command = new CodexAuthCommand(process);
            return command.run(command.commandLine(args).parseArgs(args));
        } catch (ParameterException wrong) {
            return failures.handle(wrong);
        } catch (CodexAuthException expected) {
            return failures.handle(expected);
        } catch (InterruptedException | RuntimeException | Error bug) {
            return failures.handleBug(bug);
        }
    }

    private CommandLine commandLine(String... args) {
        CommandSpec root = withCommonOptions(CommandSpec.create().name(NAME));
        root.addOption(OptionSpec.builder(VERSION.toArray(new String[0]))
                .versionHelp(true)
                .description("Show the version and exit.")
                .build());
        root.versionProvider(new BuildVersion(process.environment()));
        root.usageMessage()
                .synopsisSubcommandLabel("COMMAND")
                .description("Signs the Codex CLI in on private CI, and never loses a refreshed login.")
                .footerHeading("%nExamples:%n")
                .footer(
                        "  codex-auth seed --id codex-ci --seed-file ~/.codex/auth.json",
                        "  codex-auth run --id codex-ci --wait 15m -- codex exec \"fix it\"",
                        "  codex-auth run --api-key-file /run/secrets/openai -- codex exec \"review\"",
                        "  codex-auth doctor");
        CommandLine line = new CommandLine(root);
        for (String name : wanted(args)) {
            line.addSubcommand(name, lineOf(subcommand(name)));
        }
        // picocli would put a file's content in the place of a word such as @name, also into the job's own words.
        line.setExpandAtFiles(false);
        line.setOut(new PrintWriter(process.out(), true));
        line.setErr(new PrintWriter(process.err(), true));
        return line;
    }

    /**
     * What a command costs at start-up is only worth it for the one that was typed; help, completion and man page need
     * all of them.
     */
    private static List<String> wanted(String... args) {
        if (args.length == 1 && VERSION.contains(args[0])) {
            return List.of();
        }
        boolean one = args.length > 0 && SUBCOMMANDS.contains(args[0]) && !OF_ALL.contains(args[0]);
        return one ? List.of(args[0]) : SUBCOMMANDS;
    }

    private Subcommand subcommand(String name) {
        return switch (name) {
            case "run" -> new RunCommand(process);
            case "check" -> new CheckCommand(process);
            case "doctor" -> new DoctorCommand(process);
            case "seed" -> new SeedCommand(process);
            case "status" -> new StatusCommand(process);
            case "store" -> new StoreCommand(process);
            case "keepalive" -> new KeepaliveCommand(process);
            case "restore" -> new RestoreCommand(process);
            case "persist" -> new PersistCommand(process);
            case "rescue" -> new RescueCommand(process);
            case "keygen" -> new KeygenCommand(process);
            case "unlock" -> new UnlockCommand(process);
            case "action" -> new ActionCommand(process);
            case CompletionCommand.NAME -> new CompletionCommand(process);
            case ManualCommand.NAME -> new ManualCommand(process);
            default -> throw new IllegalArgumentException("there is no command " + name);
        };
    }

    private static CommandLine lineOf(Subcommand subcommand) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(subcommand);
        spec.name(subcommand.name());
        for (Option option : subcommand.options()) {
            spec.addOption(option.spec());
        }
        subcommand.describe(spec);
        spec.usageMessage().sortOptions(false);
        return new CommandLine(withCommonOptions(spec));
    }

    private static CommandSpec withCommonOptions(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help and exit.")
                .build());
        spec.addOption(OptionSpec.builder(DEBUG)
                .arity("0")
                .type(boolean.class)
                .description("Show where in the program an error came from. [CODEX_AUTH_DEBUG=1]")
                .build());
        return spec;
    }

    private int run(ParseResult parsed) throws CodexAuthException, InterruptedException {
        ParseResult typed = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
        if (typed.isUsageHelpRequested() || !parsed.hasSubcommand()) {
            explainExitCodes(parsed);
        }
        Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        if (!parsed.hasSubcommand()) {
            CommandLine root = parsed.commandSpec().commandLine();
            root.usage(root.getErr());
            throw new UsageException("no command was given", "look at: " + NAME + " --help");
        }
        if (!process.machine().argumentsIntact()) {
            throw new UsageException(
                    "a word of the command line is not text in the encoding that Java uses here, and would be changed",
                    "write it in UTF-8, and start codex-auth by its launcher or with LC_ALL=C.UTF-8");
        }
        return ((Subcommand) typed.commandSpec().userObject()).run(inputs(typed), typed);
    }

    /** Only for help: what an exit code stands for takes every exception of ours to say. */
    private static void explainExitCodes(ParseResult parsed) {
        for (CommandLine line : parsed.asCommandLineList()) {
            line.getCommandSpec()
                    .usageMessage()
                    .exitCodeListHeading("%nExit codes:%n")
                    .exitCodeList(ExitCode.all());
        }
    }

    private Inputs inputs(ParseResult parsed) {
        Map<String, Object> typed = new HashMap<>();
        for (OptionSpec option : parsed.matchedOptions()) {
            typed.put(option.longestName(), option.getValue());
        }
        return new Inputs(process.environment(), typed);
    }

    /** Whether somebody asked where in the program an error comes from. */
    public static boolean wantsDebug(Map<String, String> environment, String... args) {
        for (String word : args) {
            // What follows the dashes is the job's.
            if (DEBUG.equals(word) || "--".equals(word)) {
                return DEBUG.equals(word);
            }
        }
        return new Inputs(environment, Map.of())
                .variable(Inputs.PREFIX + "DEBUG")
                .isPresent();
    }
}
