package io.github.codexauth.runner.oidc;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks a token's signature, issuer, audience and times. */
final class TokenVerifier {
    private static final int LONGEST = 16 * 1024;
    private static final int CLOCKS_DIFFER_SECONDS = 60;
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);

    private final List<URI> issuers;
    private final Http http;
    private final Clock clock;

    /** @param issuers whose tokens are accepted */
    TokenVerifier(List<URI> issuers, Http http, Clock clock) {
        this.issuers = issuers;
        this.http = http;
        this.clock = clock;
    }

    /** The claims of a token that is genuine, for us, not over, and not older than it can be. */
    TokenClaims verify(String token, Duration maximumAge) throws UnprovenException {
        if (token.length() > LONGEST) {
            throw new UnprovenException("the token is longer than any token should be");
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            URI issuer = issuer(jwt.getJWTClaimsSet().getIssuer());
            DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
            processor.setJWSKeySelector(
                    new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(keys(issuer))));
            processor.setJWTClaimsSetVerifier(claims(issuer));
            JWTClaimsSet claims = processor.process(jwt, null);
            requireAge(claims.getIssueTime().toInstant(), maximumAge);
            return new TokenClaims(claims);
        } catch (BadJOSEException e) {
            throw new UnprovenException("the token is not genuine, not for '" + IdToken.AUDIENCE + "', or over");
        } catch (ParseException | JOSEException e) {
            throw new UnprovenException("the token cannot be read");
        }
    }

    private void requireAge(Instant issued, Duration maximumAge) throws UnprovenException {
        Instant now = clock.instant();
        Duration clocksDiffer = Duration.ofSeconds(CLOCKS_DIFFER_SECONDS);
        if (issued.isBefore(now.minus(maximumAge).minus(clocksDiffer)) || issued.isAfter(now.plus(clocksDiffer))) {
            throw new UnprovenException("the token was issued at " + issued + ", which is more than "
                    + maximumAge.toMinutes() + " min ago or yet to come");
        }
    }

    private URI issuer(@Nullable String named) throws UnprovenException {
        return issuers.stream()
                .filter(issuer -> issuer.toString().equals(named))
                .findFirst()
                .orElseThrow(() -> new UnprovenException(
                        "the token's issuer is not one that the policy trusts (" + issuers + ")"));
    }

    private DefaultJWTClaimsVerifier<SecurityContext> claims(URI issuer) {
        DefaultJWTClaimsVerifier<SecurityContext> verifier =
                new DefaultJWTClaimsVerifier<>(
                        IdToken.AUDIENCE,
                        new JWTClaimsSet.Builder().issuer(issuer.toString()).build(),
                        Set.of("exp", "iat")) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                };
        verifier.setMaxClockSkew(CLOCKS_DIFFER_SECONDS);
        return verifier;
    }

    /** By OpenID Connect Discovery 1.0. */
    private JWKSet keys(URI issuer) throws UnprovenException {
        try {
            String discovery = "/.well-known/openid-configuration";
            URI configuration = URI.create(issuer + discovery);
            String keys = new JsonMapper()
                    .readTree(http.get(configuration, "the issuer " + issuer))
                    .path("jwks_uri")
                    .textValue();
            if (keys == null) {
                throw new UnprovenException("the issuer " + issuer + " names no keys");
            }
            return JWKSet.parse(new String(http.get(URI.create(keys), "the issuer " + issuer), StandardCharsets.UTF_8));
        } catch (IOException | ParseException | IllegalArgumentException quoted) {
            throw new UnprovenException("the issuer " + issuer + " gave an answer that is not understood");
        }
    }
}
