package io.github.codexauth.runner.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import io.github.codexauth.runner.network.Authorities;
import io.github.codexauth.runner.platform.Platforms;
import io.github.codexauth.runner.platform.SignedTokens;
import io.github.codexauth.runner.platform.TokenPlace;
import java.text.ParseException;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.Optional;

/** Where a job gets signed tokens for an audience of its own choice, as many as it wants. */
public final class IdentityTokens {
    private final TokenPlace.Service service;
    private final Http http;

    private IdentityTokens(TokenPlace.Service service, Http http) {
        this.service = service;
        this.http = http;
    }

    /**
     * Those of the job with these variables. Nobody is asked yet.
     *
     * @param audience whom the tokens are for
     * @param authorities whose certificates the service may show
     * @throws NoIdentityTokenException if its CI system has no such service, or not for this job
     */
    public static IdentityTokens of(Map<String, String> environment, String audience, Authorities authorities)
            throws NoIdentityTokenException {
        String platform = Platforms.read(environment).platform();
        Optional<SignedTokens> tokens = Platforms.tokens(platform);
        Optional<TokenPlace> place = tokens.map(system -> system.find(environment, audience));
        try {
            if (place.isPresent() && place.get() instanceof TokenPlace.Service service) {
                return new IdentityTokens(service, new Http(environment, authorities));
            }
            if (place.isPresent() && place.get() instanceof TokenPlace.Nowhere nowhere) {
                throw new NoIdentityTokenException(
                        nowhere.reason(), "give the job one: " + tokens.get().howToGet(audience));
            }
        } catch (UnprovenException unusable) {
            throw new NoIdentityTokenException(unusable.reason(), "see: codex-auth doctor");
        }
        throw new NoIdentityTokenException(
                "nothing here gives a job of '" + platform + "' tokens for an audience of its own",
                "keep one in a file, and name that: --identity-token-file FILE, in the place of --identity-audience");
    }

    /**
     * A token.
     *
     * @param text the token itself
     * @param life from its making to its end; empty if it does not say
     */
    record Token(String text, Optional<Duration> life) {
        @Override
        public String toString() {
            return "Token[" + life + "]";
        }
    }

    /** Asks for a new one. */
    Token ask() throws UnprovenException {
        String text = IdToken.from(service, http);
        try {
            JWTClaimsSet claims = JWTParser.parse(text).getJWTClaimsSet();
            return new Token(text, life(claims));
        } catch (ParseException quoted) {
            throw new UnprovenException(service.name() + " gave something that is no signed token");
        }
    }

    /** By the clock of whoever made it alone. */
    private static Optional<Duration> life(JWTClaimsSet claims) {
        Date made = claims.getIssueTime();
        Date end = claims.getExpirationTime();
        return made == null || end == null
                ? Optional.empty()
                : Optional.of(Duration.between(made.toInstant(), end.toInstant()));
    }
}
