package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.workflow.ActionInputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * The step of {@code action.yml}: run, if there is something to run in the container; otherwise restore now and, in the post
 * step, persist.
 */
final class ActionCommand implements Subcommand {
    /**
     * As GitHub runs the script of a step with {@code shell: bash}, but for the file: bash takes the script out of a variable, and out of
     * its children's environment. Every user of the machine could read an argument.
     */
    private static final List<String> SHELL = List.of(
            "bash",
            "--noprofile",
            "--norc",
            "-eo",
            "pipefail",
            "-c",
            "eval \"unset " + ActionInputs.SCRIPT_VARIABLE + "; $" + ActionInputs.SCRIPT_VARIABLE + "\"");

    private final Surroundings here;

    private final Opt<Boolean> post = Opt.flag("--post", "The post step: save what the job's steps made of the login.");

    ActionCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public String name() {
        return "action";
    }

    @Override
    public List<Opt<?>> options() {
        return List.of(post);
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .hidden(true)
                .description("The GitHub Actions step: reads action.yml's inputs from INPUT_… and calls run, or restore"
                        + " and persist.");
    }

    @Override
    public int run(ParseResult typed) throws CodexAuthException {
        ActionInputs inputs = new ActionInputs(here.environment());
        if (post.isSet()) {
            return persist(inputs);
        }
        Map<String, String> variables = inputs.asVariables();
        if (inputs.script().isEmpty()) {
            variables.putAll(inputs.homes());
            return CodexAuthCommand.execute(here.withEnvironment(variables), "restore");
        }
        List<String> words = new ArrayList<>(List.of("run", "--"));
        words.addAll(SHELL);
        variables.put(ActionInputs.SCRIPT_VARIABLE, inputs.script().get());
        return CodexAuthCommand.execute(here.withEnvironment(variables), words.toArray(String[]::new));
    }

    /** What restore wrote into the step's state comes back as variables; without it nothing was restored. */
    private int persist(ActionInputs inputs) {
        String home = here.environment().getOrDefault("STATE_" + RestoreCommand.HOME_STATE, "");
        if (home.isBlank()) {
            return ExitCode.OK;
        }
        Map<String, String> variables = inputs.asVariables();
        variables.putAll(inputs.homes());
        variables.put("CODEX_HOME", home);
        return CodexAuthCommand.execute(here.withEnvironment(variables), "persist");
    }
}
