package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.trust.Refusal;
import io.github.codexauth.trust.UntrustedJobException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns every failure into what was found, what to type, and an exit code.
 *
 * <p>Nothing that was typed is repeated but the names of options: somebody may have typed a key.
 */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private static final int USAGE = 64;

    private final Surroundings here;
    private final BooleanSupplier debug;

    Failures(Surroundings here, BooleanSupplier debug) {
        this.here = here;
        this.debug = debug;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
        Messages messages = Console.messages(here);
        if (failure instanceof ParameterException wrongUsage) {
            return handleParseException(wrongUsage, new String[0]);
        }
        showTrace(failure);
        if (failure instanceof UntrustedJobException refused) {
            for (Refusal refusal : refused.refusals()) {
                messages.error(refusal.found(), refusal.fix());
            }
            return ExitCode.of(refused);
        }
        if (failure instanceof CodexAuthException expected) {
            messages.error(expected.problem(), expected.hint());
            return ExitCode.of(expected);
        }
        // The message of an unknown exception may quote anything, so only its kind is shown.
        messages.error(
                "a bug in codex-auth: " + failure.getClass().getName(),
                "run it again with --debug and report what it prints");
        return ExitCode.INTERNAL;
    }

    @Override
    public int handleParseException(ParameterException wrong, String[] args) {
        String command = wrong.getCommandLine().getCommandSpec().qualifiedName(" ");
        Console.messages(here).error(problem(wrong), hint(wrong).orElse("look at: " + command + " --help"));
        return USAGE;
    }

    private static String problem(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            return unmatched.getUnmatched().stream()
                    .filter(argument -> argument.startsWith("-"))
                    .findFirst()
                    .map(option -> "unknown option " + option.split("=", 2)[0])
                    .orElse(
                            wrong.getCommandLine().getParent() == null
                                    ? "there is no such command"
                                    : "something was typed that belongs to no option");
        }
        if (wrong instanceof MissingParameterException || wrong.getCause() == null && wrong.getValue() == null) {
            return lowerCaseFirst(String.valueOf(wrong.getMessage()));
        }
        return "the value of "
                + (wrong.getArgSpec() instanceof CommandLine.Model.OptionSpec option
                        ? option.longestName()
                        : "an argument")
                + " is not usable";
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

    private static String lowerCaseFirst(String message) {
        return message.isEmpty() ? message : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }

    /** Classes and lines only: messages of exceptions below ours may quote what they could not read. */
    private void showTrace(Throwable failure) {
        if (!debug.getAsBoolean()) {
            return;
        }
        for (Throwable at = failure; at != null; at = at.getCause()) {
            here.err().println("codex-auth: debug: " + at.getClass().getName());
            for (StackTraceElement element : at.getStackTrace()) {
                here.err().println("codex-auth: debug:     at " + element);
            }
        }
    }
}
