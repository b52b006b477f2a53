package io.github.codexauth.runner.codex;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.codex.SearchPath;
import io.github.codexauth.home.CodexConfig;
import io.github.codexauth.home.HomeException;
import io.github.codexauth.home.ManagedRequirements;
import io.github.codexauth.home.ScratchHomes;
import io.github.codexauth.login.Seed;
import io.github.codexauth.runner.console.ReaderMayLeave;
import io.github.codexauth.runner.job.EndedBySignalException;
import io.github.codexauth.runner.job.JobEnvironment;
import io.github.codexauth.runner.process.Command;
import io.github.codexauth.runner.process.Job;
import io.github.codexauth.runner.process.JobSignal;
import io.github.codexauth.runner.process.JobUser;
import io.github.codexauth.runner.process.SignalInbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets a person sign in on any device that has a browser, through {@code codex login --device-auth}. The login is
 * written into a home of its own, which is gone afterwards.
 */
public final class DeviceLogin {
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Map<String, String> environment;
    private final ScratchHomes homes;
    private final SignalInbox signals;
    private final PrintStream screen;

    /**
     * @param environment our own variables; Codex gets those of a job without any credential
     * @param screen where the person reads the address and the code
     */
    public DeviceLogin(Map<String, String> environment, ScratchHomes homes, SignalInbox signals, PrintStream screen) {
        this.environment = Map.copyOf(environment);
        this.homes = homes;
        this.signals = signals;
        this.screen = screen;
    }

    /**
     * Waits until the person has signed in; Codex's code lasts for 15 minutes.
     *
     * @throws NoCodexException if there is no Codex
     * @throws NotSignedInException if Codex ended without a login
     * @throws EndedBySignalException if a signal ended it
     * @throws HomeException if no home can be made
     */
    public Seed signIn() throws CodexAuthException, InterruptedException {
        CodexOnPath version = CodexOnPath.ask(environment);
        Command codex = codex();
        CodexConfig config = CodexConfig.standard(List.of(), ManagedRequirements.read(ManagedRequirements.FOLDER));
        config.requireLoginsInFiles();
        version.require();
        try (ScratchHomes.Scratch scratch = homes.create()) {
            Path home = scratch.home().folder();
            scratch.home().writeConfig(config.forHome(home));
            Job.Ending ending = new Job(signals, () -> {}, GRACE)
                    .run(codex, variables(home), Optional.of(this::show), Optional.empty());
            Optional<byte[]> login = scratch.home().readAuthJson();
            if (login.isPresent()) {
                return Seed.parse(login.get(), "the new login");
            }
            Optional<JobSignal> signal = signals.first();
            if (signal.isPresent()) {
                throw EndedBySignalException.whileSigningIn(signal.get());
            }
            throw new NotSignedInException(ending.exitCode());
        }
    }

    /** As our own user in every case: what it writes is not for a job. */
    private Command codex() throws NoCodexException {
        boolean apart = JobUser.in(environment).isPresent();
        List<String> words = new ArrayList<>(apart ? JobUser.ownStarter() : List.of());
        Path program = SearchPath.in(withoutCredentials()).find("codex").orElseThrow(NoCodexException::new);
        words.addAll(List.of(program.toString(), "login", "--device-auth"));
        return new Command(words);
    }

    private Map<String, String> variables(Path home) {
        Map<String, String> variables = withoutCredentials();
        variables.put("CODEX_HOME", home.toString());
        return variables;
    }

    private Map<String, String> withoutCredentials() {
        Map<String, String> variables = JobEnvironment.withoutCredentials(environment);
        return JobUser.in(environment).isPresent() ? JobUser.ownEnvironment(variables) : variables;
    }

    /** Everything to the person: our own stdout may be read by a machine. */
    private void show(InputStream from, boolean isError) throws IOException {
        OutputStream reader = new ReaderMayLeave(screen);
        byte[] chunk = new byte[8192];
        for (int length = from.read(chunk); length >= 0; length = from.read(chunk)) {
            reader.write(chunk, 0, length);
            reader.flush();
        }
    }
}
