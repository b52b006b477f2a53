package io.github.codexauth.runner.codex;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.codex.CodexVersion;
import io.github.codexauth.codex.InstalledCodex;
import io.github.codexauth.codex.UnsupportedCodexException;
import io.github.codexauth.runner.job.JobEnvironment;
import io.github.codexauth.runner.network.CaBundle;
import io.github.codexauth.runner.network.UnusableCaBundleException;
import io.github.codexauth.runner.process.Command;
import io.github.codexauth.runner.process.JobUser;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Codex that a job would start: the job's own command, if that is a Codex, or the one on its PATH. Where there is
 * none, the job has a way of its own, and nothing is asked but what any Codex needs.
 */
public final class CodexOnPath {
    private static final String CODEX = "codex";

    private final Optional<InstalledCodex> codex;
    private final Optional<CaBundle> authorities;

    private CodexOnPath(Optional<InstalledCodex> codex, Optional<CaBundle> authorities) {
        this.codex = codex;
        this.authorities = authorities;
    }

    /**
     * Begins to ask for its version.
     *
     * @param environment our own variables; it gets those of a job without any credential
     */
    public static CodexOnPath ask(Map<String, String> environment) {
        return ask(new Command(List.of(CODEX)).as(JobUser.in(environment)), environment);
    }

    /** The same for a job with this command. */
    public static CodexOnPath ask(Command job, Map<String, String> environment) {
        String program = job.words().get(0);
        Command codex = new Command(List.of(program.endsWith("/" + CODEX) ? program : CODEX));
        return new CodexOnPath(
                locate(codex, environment)
                        .map(path ->
                                InstalledCodex.ask(starter(job), path, JobEnvironment.withoutCredentials(environment))),
                CaBundle.in(environment));
    }

    /** What is asked may have come with the job, and has no more rights than the job has. */
    private static List<String> starter(Command job) {
        return job.user().map(JobUser::starter).orElse(List.of());
    }

    private static Optional<Path> locate(Command codex, Map<String, String> environment) {
        try {
            return Optional.of(codex.locate(environment));
        } catch (CodexAuthException none) {
            return Optional.empty();
        }
    }

    /**
     * Waits for the answer.
     *
     * @return the version; empty if there is no Codex on the PATH
     * @throws UnsupportedCodexException if no job should run with it
     * @throws UnusableCaBundleException if it is told to trust certificates that are not there, and would reach no
     *     server
     */
    public Optional<CodexVersion> require()
            throws UnsupportedCodexException, UnusableCaBundleException, InterruptedException {
        if (authorities.isPresent()) {
            authorities.get().require();
        }
        return codex.isPresent() ? Optional.of(codex.get().require()) : Optional.empty();
    }
}
