package io.github.codexauth.runner;

import io.github.codexauth.runner.command.CodexAuthCommand;
import io.github.codexauth.runner.console.BugReport;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.input.ProcessContext.Machine;
import io.github.codexauth.runner.process.Arguments;
import io.github.codexauth.runner.process.InitialEnvironment;
import io.github.codexauth.runner.process.Terminal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** The process: the one place that looks at its surroundings and ends it. */
public final class Main {
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final Path STDERR = Path.of("/proc/self/fd/2");
    private static final Path POLICY = Path.of("/etc/codex-auth/policy.yaml");

    private Main() {}

    public static void main(String[] args) {
        PrintStream err = stream(FileDescriptor.err);
        Map<String, String> environment = Variables.read(System.getenv());
        BugReport bugs = new BugReport(
                new Messages(err, Messages.Annotating.NONE), err, CodexAuthCommand.wantsDebug(environment, args));
        Thread.setDefaultUncaughtExceptionHandler(bugs);
        System.exit(run(environment, err, bugs, args));
    }

    private static int run(Map<String, String> environment, PrintStream err, BugReport bugs, String... args) {
        try {
            return CodexAuthCommand.execute(surroundings(environment, err, args), args);
        } catch (RuntimeException | Error bug) {
            bugs.show(bug);
            return CodexAuthCommand.exitCodeOfBugs();
        }
    }

    private static ProcessContext surroundings(Map<String, String> environment, PrintStream err, String... args) {
        boolean forgotten = InitialEnvironment.ofThisProcess().forget(Variables::isOursAlone);
        Machine machine = new Machine(
                hostName(environment),
                ProcessHandle.current().pid(),
                System.getProperty("user.home"),
                POLICY,
                Terminal.mayBeAPersons(),
                Files.isRegularFile(STDERR),
                Arguments.areIntact(args),
                forgotten);
        return new ProcessContext(environment, System.in, stream(FileDescriptor.out), err, Clock.systemUTC(), machine);
    }

    /** Without buffer: what the job writes is seen when it is written. */
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
    }

    private static String hostName(Map<String, String> environment) {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException notLinux) {
            return environment.getOrDefault("HOSTNAME", "this machine");
        }
    }
}
