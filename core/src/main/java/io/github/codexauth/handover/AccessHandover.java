package io.github.codexauth.handover;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.home.CodexHome;
import io.github.codexauth.home.HomeConfig;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;

/**
 * An {@code auth.json} with a live access token that cannot refresh itself, and an address at which the job's Codex
 * asks for the next one.
 */
public final class AccessHandover implements Handover {
    private final TokenAddress tokens;

    private AccessHandover(TokenAddress tokens) {
        this.tokens = tokens;
    }

    /**
     * Puts into a job's home what it gets of a login.
     *
     * @param config makes the home's settings
     * @param login opened already
     * @throws CodexAuthException if the home cannot be written, or the machine has no loopback interface
     */
    public static AccessHandover into(CodexHome home, HomeConfig config, KeptLogin login, Clock clock)
            throws CodexAuthException {
        home.writeConfig(config.forHome(home.folder()));
        Placeholder placeholder = Placeholder.random();
        KeptLogin.Granted now = login.now();
        home.restore(now.login().withoutRefreshToken(placeholder.at(now.generation())));
        try {
            return new AccessHandover(TokenAddress.open(placeholder, login, clock));
        } catch (IOException e) {
            throw Loopback.missing(e, "give the job the whole file: --give all");
        }
    }

    /**
     * Puts into a home what can be had of a login where no helper lives: its access token. The file cannot refresh
     * itself, and nobody answers its placeholder.
     *
     * @param config makes the home's settings
     * @param login opened already
     * @throws CodexAuthException if the home cannot be written
     */
    public static void copyInto(CodexHome home, HomeConfig config, KeptLogin login) throws CodexAuthException {
        home.writeConfig(config.forHome(home.folder()));
        KeptLogin.Granted now = login.now();
        home.restore(now.login().withoutRefreshToken(Placeholder.random().at(now.generation())));
    }

    @Override
    public Map<String, String> variables(Map<String, String> environment) {
        return tokens.variables(environment);
    }

    @Override
    public void close() {
        tokens.close();
    }
}
