package io.github.codexauth.runner.input;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * Everything that the command takes from the process it runs in, so that a test can give it something else.
 *
 * <p>No record, since a record would print the variables.
 */
public final class ProcessContext {
    private final Map<String, String> environment;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final Clock clock;
    private final Machine machine;

    /**
     * What is true of the machine and the process.
     *
     * @param host its name, as the next in line is told
     * @param processId of this process
     * @param userHome the user's home folder
     * @param policy where the operator's policy lies unless told otherwise
     * @param terminal whether input and output are a terminal that a person could sit at
     * @param logIsFile whether stderr goes into a file, which no CI system reads for masks
     * @param argumentsIntact whether the words of the command line are what was typed
     * @param environmentForgotten whether no other process can read any more what our own variables were
     */
    public record Machine(
            String host,
            long processId,
            String userHome,
            Path policy,
            boolean terminal,
            boolean logIsFile,
            boolean argumentsIntact,
            boolean environmentForgotten) {}

    public ProcessContext(
            Map<String, String> environment,
            InputStream in,
            PrintStream out,
            PrintStream err,
            Clock clock,
            Machine machine) {
        this.environment = Map.copyOf(environment);
        this.in = in;
        this.out = out;
        this.err = err;
        this.clock = clock;
        this.machine = machine;
    }

    /** The same process with other variables. */
    public ProcessContext withEnvironment(Map<String, String> variables) {
        return new ProcessContext(variables, in, out, err, clock, machine);
    }

    public Map<String, String> environment() {
        return environment;
    }

    public InputStream in() {
        return in;
    }

    public PrintStream out() {
        return out;
    }

    public PrintStream err() {
        return err;
    }

    public Clock clock() {
        return clock;
    }

    public Machine machine() {
        return machine;
    }
}
