package io.github.codexauth.runner.command;

import io.github.codexauth.SecretText;
import io.github.codexauth.home.HomeTokens;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.console.ReaderMayLeave;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.job.SessionReport;
import io.github.codexauth.runner.logs.Annotations;
import io.github.codexauth.runner.logs.LogProtection;
import io.github.codexauth.runner.platform.CiVariables;
import io.github.codexauth.runner.platform.Platforms;
import io.github.codexauth.runner.process.Job;
import io.github.codexauth.runner.storage.OwnFolders;
import io.github.codexauth.runner.workflow.StepFiles;
import io.github.codexauth.runner.workflow.StepReport;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What one run of the command shows: its own sentences, and the job's output without secrets. */
final class Console {
    private final ProcessContext process;
    private final Messages messages;
    private final LogProtection protection;

    Console(ProcessContext process) {
        this.process = process;
        this.messages = messages(process);
        // In a file a mask would be nothing but the secret itself.
        boolean masks = Platforms.understandsWorkflowCommands(process.environment())
                && !process.machine().logIsFile();
        this.protection =
                masks ? LogProtection.withWorkflowCommands(process.err()) : LogProtection.withoutWorkflowCommands();
    }

    /** Sentences alone, for commands that never see a secret. */
    static Messages messages(ProcessContext process) {
        return new Messages(
                process.err(),
                Platforms.understandsWorkflowCommands(process.environment())
                        ? new Annotations(process.err())
                        : Messages.Annotating.NONE);
    }

    Messages messages() {
        return messages;
    }

    /** Tells people and the workflow what a session's steps mean. */
    SessionReport report() {
        return new SessionReport(
                messages, new StepReport(new StepFiles(process.environment()), process.clock()), process.clock());
    }

    /** From now on these must not be seen. */
    void hide(List<SecretText> secrets) {
        protection.hide(secrets);
    }

    /**
     * Where the job's output goes. At a person's own terminal it goes straight there: Codex then sees a terminal too,
     * and what it shows is not kept anywhere. Wherever there is a mark of automation it is kept, and filtered, terminal
     * or not.
     *
     * @param home the job's {@code CODEX_HOME}, where new secrets appear
     */
    Optional<Job.Output> jobOutput(Path home) {
        if (process.machine().terminal() && !isKept()) {
            return Optional.empty();
        }
        protection.lookFirst(new HomeTokens(home, this::hide)::look);
        return Optional.of(this::copy);
    }

    /** Whether somebody keeps what is shown: a CI system, or the engine of a container. */
    private boolean isKept() {
        return OwnFolders.of(process.environment()).inImage()
                || !CiVariables.in(process.environment()).isEmpty();
    }

    private void copy(InputStream from, boolean isError) throws java.io.IOException {
        protection.copy(from, new ReaderMayLeave(isError ? process.err() : process.out()));
    }
}
