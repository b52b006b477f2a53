package io.github.codexauth.runner.command;

import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.input.ProcessContext.Machine;
import io.github.codexauth.testing.Result;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;

/** The whole command in this process, with variables, a clock and a folder of its own. */
final class CommandLineUnderTest {
    private final Path folder;
    private final Clock clock;
    private final Map<String, String> variables = new TreeMap<>();

    CommandLineUnderTest(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
        variables.put("XDG_STATE_HOME", folder.resolve("state").toString());
        variables.put("PATH", "/usr/bin:/bin");
    }

    CommandLineUnderTest with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    Result run(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Machine machine = new Machine(
                "build-07", 4711, folder.toString(), folder.resolve("policy.yaml"), false, false, true, true);
        ProcessContext surroundings = new ProcessContext(
                variables,
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                clock,
                machine);
        int exitCode = CodexAuthCommand.execute(surroundings, words);
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
