package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.UsageException;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.option.Flag;
import io.github.codexauth.runner.option.Option;
import io.github.codexauth.runner.process.JobUser;
import io.github.codexauth.runner.workflow.ActionInputs;
import io.github.codexauth.runner.workflow.StepFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * The step of an {@code action.yml}: run, if there are commands or a prompt; otherwise restore now and, in the post
 * step, persist.
 */
final class ActionCommand implements Subcommand {
    /**
     * As GitHub runs the script of a step with {@code shell: bash}, but for the file: bash takes the script out of a
     * variable, and out of its children's environment. Every user of the machine could read an argument.
     */
    private static final List<String> SHELL = List.of(
            "bash",
            "--noprofile",
            "--norc",
            "-eo",
            "pipefail",
            "-c",
            "eval \"unset " + ActionInputs.SCRIPT_VARIABLE + "; $" + ActionInputs.SCRIPT_VARIABLE + "\"");

    private static final Flag POST = new Flag("--post", "The post step: save what the job's steps made of the login.");

    private final ProcessContext process;

    ActionCommand(ProcessContext process) {
        this.process = process;
    }

    @Override
    public String name() {
        return "action";
    }

    @Override
    public List<Option> options() {
        return List.of(POST);
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .hidden(true)
                .description("The GitHub Actions step: reads action.yml's inputs from INPUT_… and calls run, or restore"
                        + " and persist.");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) throws CodexAuthException {
        ActionInputs step = new ActionInputs(process.environment());
        if (POST.isIn(inputs)) {
            return persist(step);
        }
        ActionInputs.Task task = step.task();
        if (task instanceof ActionInputs.Script script) {
            Map<String, String> variables = step.asVariables();
            variables.put(ActionInputs.SCRIPT_VARIABLE, script.text());
            return run(variables, SHELL);
        }
        if (task instanceof ActionInputs.Prompt prompt) {
            return answer(step, prompt);
        }
        Map<String, String> variables = step.asVariables();
        variables.putAll(step.homes());
        return CodexAuthCommand.execute(process.withEnvironment(variables), "restore");
    }

    private int run(Map<String, String> variables, List<String> command) {
        List<String> words = new ArrayList<>(List.of("run", "--"));
        words.addAll(command);
        return CodexAuthCommand.execute(process.withEnvironment(variables), words.toArray(String[]::new));
    }

    /** Lets Codex work on a prompt, and hands its last message to later steps. */
    private int answer(ActionInputs step, ActionInputs.Prompt prompt) throws CodexAuthException {
        if (JobUser.in(process.environment()).isPresent()) {
            // Its files would be read, and shown to later steps, with rights that the job does not have.
            throw new UsageException(
                    "a prompt is an input of the action on the runner, and this is the container's",
                    "write here: run: codex exec …; or use that action");
        }
        try (PromptedCodex codex = PromptedCodex.prepare(step, prompt, process.environment())) {
            Map<String, String> variables = step.asVariables();
            variables.put(Inputs.PREFIX + "INPUT", codex.input().toString());
            int exitCode = run(variables, codex.command());
            if (exitCode == ExitCode.OK.number()) {
                codex.report(new StepFiles(process.environment()), Console.messages(process));
            }
            return exitCode;
        }
    }

    /** What restore wrote into the step's state comes back as variables; without it nothing was restored. */
    private int persist(ActionInputs step) {
        String home = process.environment().getOrDefault("STATE_" + RestoreCommand.HOME_STATE, "");
        if (home.isBlank()) {
            return ExitCode.OK.number();
        }
        Map<String, String> variables = step.asVariables();
        variables.putAll(step.homes());
        variables.put("CODEX_HOME", home);
        return CodexAuthCommand.execute(process.withEnvironment(variables), "persist");
    }
}
