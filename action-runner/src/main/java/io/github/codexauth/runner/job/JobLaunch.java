package io.github.codexauth.runner.job;

import io.github.codexauth.codex.RefreshComplaint;
import io.github.codexauth.home.HomeException;
import io.github.codexauth.runner.console.Age;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.process.Command;
import io.github.codexauth.runner.process.CommandNotExecutableException;
import io.github.codexauth.runner.process.Job;
import io.github.codexauth.runner.process.SignalInbox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The job as the user described it, ready to be started once its home is there.
 *
 * @param command what to run
 * @param environment our own variables, of which the job gets those that are its business
 * @param signals where signals come from
 * @param output where the output of a job with that {@code CODEX_HOME} goes; empty for straight to ours
 * @param grace from a signal to the kill
 * @param timeLimit how long the job may run
 * @param messages told when that was not enough
 */
public record JobLaunch(
        Command command,
        Map<String, String> environment,
        SignalInbox signals,
        Function<Path, Optional<Job.Output>> output,
        Duration grace,
        Optional<Duration> timeLimit,
        Messages messages) {
    /** The same job, whose output is listened to. */
    JobLaunch heardBy(RefreshComplaint complaint) {
        return new JobLaunch(
                command,
                environment,
                signals,
                home -> output.apply(home).map(next -> (from, isError) -> next.copy(complaint.listenTo(from), isError)),
                grace,
                timeLimit,
                messages);
    }

    /**
     * Runs the job to its end and answers its exit code.
     *
     * @param authVariables the variables that hand it the credential
     * @param home its {@code CODEX_HOME}
     * @param shield what a signal has to wait for
     * @throws HomeException if the job runs as another user, and the home cannot be given to it
     */
    int start(Map<String, String> authVariables, Path home, Job.Shield shield)
            throws HomeException, CommandNotExecutableException, InterruptedException {
        if (command.user().isPresent()) {
            command.user().get().tenant().moveInto(home);
        }
        Job.Ending ending = new Job(signals, shield, grace)
                .run(command, JobEnvironment.of(environment, authVariables, home), output.apply(home), timeLimit);
        if (ending.timedOut() && timeLimit.isPresent()) {
            messages.warn("the job was told to end because it took longer than its time limit of "
                    + Age.amount(timeLimit.get()) + " (--timeout); its exit code is " + ending.exitCode());
        }
        return ending.exitCode();
    }

    @Override
    public String toString() {
        return "JobLaunch[" + command.shownProgram() + "]";
    }
}
