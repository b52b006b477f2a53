package io.github.codexauth.runner.job;

import io.github.codexauth.CodexAuth;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.SecretText;
import io.github.codexauth.home.CodexHome;
import io.github.codexauth.home.HomeConfig;
import io.github.codexauth.home.ScratchHomes;
import io.github.codexauth.runner.input.SignIn;
import java.util.List;
import java.util.function.Consumer;

/**
 * A job with a credential that the user hands to us: Codex gets it by its variable, in a home of its own, so that no
 * login that lies about on the machine is refreshed by the way.
 */
public final class GivenRun {
    private final JobLaunch launch;
    private final ScratchHomes homes;
    private final HomeConfig config;
    private final Consumer<List<SecretText>> hide;

    /** @param hide is given the credential before the job starts */
    public GivenRun(JobLaunch launch, ScratchHomes homes, HomeConfig config, Consumer<List<SecretText>> hide) {
        this.launch = launch;
        this.homes = homes;
        this.config = config;
        this.hide = hide;
    }

    /** Runs the job and answers its exit code. */
    public int run(SignIn.Given signIn) throws CodexAuthException, InterruptedException {
        CodexAuth auth = signIn.read();
        hide.accept(auth.secrets());
        try (ScratchHomes.Scratch scratch = homes.create()) {
            CodexHome home = scratch.home();
            home.writeConfig(config.forHome(home.folder()));
            return launch.start(auth.variables(), home.folder(), () -> {});
        }
    }
}
