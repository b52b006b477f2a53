package io.jenkins.plugins.codexauth.step;

import io.github.codexauth.home.CodexConfig;
import io.github.codexauth.home.InvalidCodexConfigException;
import io.github.codexauth.home.ManagedRequirements;
import io.jenkins.plugins.codexauth.session.Loan;
import io.jenkins.plugins.codexauth.session.SignInFailedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a job typed, understood. Made before the build is judged, queues or gets anything, so that a typo costs nothing
 * and leaves nothing.
 *
 * @param way the one way of signing in
 * @param waitAtMost how long to wait for a login; empty for as long as it takes
 * @param timeLimit how long the block may take; empty for as long as it takes
 * @param give what the block gets of a login
 * @param shared whether other builds may have the login at the same time
 * @param config the user's config.toml; null for none
 */
record Terms(
        Request.Way way,
        Optional<Duration> waitAtMost,
        Optional<Duration> timeLimit,
        Give give,
        boolean shared,
        @Nullable String config) {
    /** What a block without a time limit is taken to need. */
    private static final Duration USUAL_BLOCK = Duration.ofHours(2);

    /**
     * Understands a request.
     *
     * @throws SignInFailedException if a part of it cannot be understood, or the way of signing in is not exactly one
     * @throws InvalidCodexConfigException if the config is no TOML, or settles what only we may settle
     */
    static Terms of(Request request) throws SignInFailedException, InvalidCodexConfigException {
        String config = request.config();
        if (config != null) {
            // The agent reads it once more, beside what its administrator requires.
            CodexConfig.extending(
                    config.getBytes(StandardCharsets.UTF_8),
                    "the config given to withCodexAuth",
                    List.of(),
                    ManagedRequirements.NONE);
        }
        return new Terms(
                request.way(), request.waitAtMost(), request.timeLimit(), request.give(), request.shared(), config);
    }

    /** How the block wants its login. */
    Loan loan() {
        return new Loan(give == Give.ACCESS, shared, timeLimit.orElse(USUAL_BLOCK), config);
    }
}
