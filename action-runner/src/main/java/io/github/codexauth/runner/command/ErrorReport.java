package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.console.BugReport;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.trust.Refusal;
import io.github.codexauth.trust.UntrustedJobException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.PicocliException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns every failure into what was found, what to type, and an exit code.
 *
 * <p>Nothing that was typed is repeated but the names of options: somebody may have typed a key.
 */
final class ErrorReport {
    /** What could be an option's name; a key that begins with a dash could not. */
    private static final String OPTION_NAME = "-{1,2}[a-z]{1,20}(-[a-z]{1,20}){0,3}";

    private final ProcessContext process;
    private final boolean debug;

    /** @param debug whether to show where in the program a failure came from */
    ErrorReport(ProcessContext process, boolean debug) {
        this.process = process;
        this.debug = debug;
    }

    /** Says what is wrong, and what to do about it. */
    int handle(CodexAuthException failure) {
        bugs().showTrace(failure);
        Messages messages = Console.messages(process);
        if (failure instanceof UntrustedJobException refused) {
            for (Refusal refusal : refused.refusals()) {
                messages.error(refusal.found(), refusal.fix());
            }
        } else {
            messages.error(failure.problem(), failure.hint());
        }
        return ExitCode.of(failure);
    }

    /** Says that the program itself is wrong. */
    int handleBug(Throwable bug) {
        bugs().show(bug);
        return ExitCode.BUG.number();
    }

    private BugReport bugs() {
        return new BugReport(Console.messages(process), process.err(), debug);
    }

    /** Says what is wrong with the line that was typed. */
    int handle(ParameterException wrong) {
        if (wrong.getCause() instanceof CodexAuthException expected) {
            return handle(expected);
        }
        if (wrong.getCause() instanceof RuntimeException bug && !(bug instanceof PicocliException)) {
            return handleBug(bug);
        }
        String command = wrong.getCommandLine().getCommandSpec().qualifiedName(" ");
        Console.messages(process).error(problem(wrong), hint(wrong).orElse("look at: " + command + " --help"));
        return ExitCode.USAGE.number();
    }

    /** Never picocli's own words: they quote what was typed. */
    private static String problem(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            return unmatched.getUnmatched().stream()
                    .map(argument -> argument.split("=", 2)[0])
                    .filter(argument -> argument.matches(OPTION_NAME))
                    .findFirst()
                    .map(option -> "unknown option " + option)
                    .orElse(
                            wrong.getCommandLine().getParent() == null
                                    ? "there is no such command"
                                    : "something was typed that belongs to no option");
        }
        if (wrong instanceof OverwrittenOptionException twice) {
            return name(twice.getOverwritten()) + " was given twice";
        }
        if (wrong instanceof MissingParameterException missing) {
            return name(missing.getMissing().stream().findFirst().orElse(null)) + " needs a value";
        }
        return "the value of " + name(wrong.getArgSpec()) + " is not usable";
    }

    private static String name(@Nullable ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : "an argument";
    }

    private static Optional<String> hint(ParameterException wrong) {
        if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
            return Optional.empty();
        }
        boolean secret = unmatched.getUnmatched().stream()
                .anyMatch(argument -> argument.matches("--(api-key|access-token|auth-json|age-identity)(=.*)?"));
        if (secret) {
            return Optional.of(
                    "secrets are never arguments, which everybody on the machine can read; put it into a file: "
                            + "--api-key-file FILE, --access-token-file FILE, --seed-file FILE, --age-identity-file FILE");
        }
        return Optional.empty();
    }
}
