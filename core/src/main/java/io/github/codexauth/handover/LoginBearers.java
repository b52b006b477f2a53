package io.github.codexauth.handover;

import io.github.codexauth.broker.Bearer;
import io.github.codexauth.broker.Bearers;
import io.github.codexauth.handover.AccessTokens.Granted;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** The access tokens of a login that stays with its helper, each refreshed before it ends. */
final class LoginBearers implements Bearers {
    /** As Codex does with its own. */
    private static final Duration BEFORE_ITS_END = Duration.ofMinutes(5);

    private final KeptLogin login;
    private final Clock clock;

    LoginBearers(KeptLogin login, Clock clock) {
        this.login = login;
        this.clock = clock;
    }

    @Override
    public Bearer current() throws InterruptedException {
        Granted now = login.now();
        if (now.login().endsBy(clock.instant().plus(BEFORE_ITS_END))
                && login.after(now.generation()) instanceof Granted next) {
            return bearer(next);
        }
        return bearer(now);
    }

    @Override
    public Optional<Bearer> after(Bearer refused) throws InterruptedException {
        return login.after(refused.generation()) instanceof Granted next ? Optional.of(bearer(next)) : Optional.empty();
    }

    private static Bearer bearer(Granted granted) {
        return new Bearer(granted.login().accessToken(), granted.generation());
    }
}
