package io.github.codexauth.runner.workflow;

import io.github.codexauth.PathText;
import io.github.codexauth.UsageException;
import io.github.codexauth.files.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The files that a runner gives a step to write to. Where a variable is missing there is no such runner, and nothing is
 * written.
 *
 * <p>No secrets go in here; immutable.
 */
public final class StepFiles {
    private final Map<String, String> environment;

    /** @param environment the step's variables */
    public StepFiles(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Hands a value to other steps, as {@code steps.ID.outputs.NAME}. */
    public void output(String name, String value) throws UsageException {
        append("GITHUB_OUTPUT", () -> name + "=" + line(value) + "\n");
    }

    /** The same for a text of several lines. */
    public void outputText(String name, String text) throws UsageException {
        // Nobody who wrote the text could know its end.
        String end = "end-" + PrivateFiles.randomHex(16);
        append("GITHUB_OUTPUT", () -> name + "<<" + end + "\n" + text + "\n" + end + "\n");
    }

    /** Sets a variable for the job's later steps. */
    public void variable(String name, String value) throws UsageException {
        append("GITHUB_ENV", () -> name + "=" + line(value) + "\n");
    }

    /** Hands a value to this action's post step, as the variable {@code STATE_NAME}. */
    public void state(String name, String value) throws UsageException {
        append("GITHUB_STATE", () -> name + "=" + line(value) + "\n");
    }

    /**
     * Adds to the page that summarizes the run.
     *
     * @param markdown asked only where there is such a page
     */
    public void summary(Supplier<String> markdown) throws UsageException {
        append("GITHUB_STEP_SUMMARY", markdown);
    }

    /** A line break would begin another entry. */
    private static String line(String value) {
        return value.replaceAll("\\R", " ");
    }

    private void append(String variable, Supplier<String> text) throws UsageException {
        String file = environment.getOrDefault(variable, "");
        if (file.isBlank()) {
            return;
        }
        try {
            Files.writeString(
                    PathText.parse(file, variable),
                    text.get(),
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.APPEND,
                    // The job could put a link there that leads to what is ours.
                    LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new UsageException(
                    "cannot write to the file that " + variable + " names: " + e.getMessage(),
                    "run this in a step of its own, or unset " + variable);
        }
    }
}
