package io.github.codexauth.runner.job;

import io.github.codexauth.CodexAuth;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.handover.BrokerSettings;
import io.github.codexauth.handover.BrokeredHandover;
import io.github.codexauth.handover.Handover;
import io.github.codexauth.home.CodexHome;
import io.github.codexauth.home.HomeConfig;
import io.github.codexauth.home.ScratchHomes;

/**
 * A job with a credential that the user hands to us: Codex gets it by its variable, in a home of its own, so that no
 * login that lies about on the machine is refreshed by the way.
 */
public final class GivenRun {
    private final JobLaunch launch;
    private final ScratchHomes homes;

    public GivenRun(JobLaunch launch, ScratchHomes homes) {
        this.launch = launch;
        this.homes = homes;
    }

    /** Whether a broker can put a credential on what a Codex sends: one that is sent as it is. */
    public static boolean isBrokered(CodexAuth auth) {
        return auth instanceof CodexAuth.ApiKey || auth instanceof CodexAuth.AccessToken token && token.isPersonal();
    }

    /** Runs a job that has the credential, and answers its exit code. */
    public int with(CodexAuth auth, HomeConfig config) throws CodexAuthException, InterruptedException {
        try (ScratchHomes.Scratch scratch = homes.create()) {
            CodexHome home = scratch.home();
            home.writeConfig(config.forHome(home.folder()));
            return launch.start(auth.variables(), home.folder(), () -> {});
        }
    }

    /**
     * The same for a job that has placeholders.
     *
     * @throws NotBrokeredException if a broker cannot put this credential on what a Codex sends
     */
    public int throughBroker(CodexAuth auth, BrokerSettings broker) throws CodexAuthException, InterruptedException {
        try (ScratchHomes.Scratch scratch = homes.create()) {
            CodexHome home = scratch.home();
            try (Handover handover = handOver(auth, home, broker)) {
                return launch.start(handover.variables(launch.environment()), home.folder(), () -> {});
            }
        }
    }

    private static Handover handOver(CodexAuth auth, CodexHome home, BrokerSettings broker) throws CodexAuthException {
        if (!isBrokered(auth)) {
            throw new NotBrokeredException();
        }
        return auth instanceof CodexAuth.ApiKey key
                ? BrokeredHandover.of(key, home, broker)
                : BrokeredHandover.of((CodexAuth.AccessToken) auth, home, broker);
    }
}
