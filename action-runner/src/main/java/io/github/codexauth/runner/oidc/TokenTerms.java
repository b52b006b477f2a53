package io.github.codexauth.runner.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import io.github.codexauth.trust.Signature;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * How one CI system hands out its tokens, and what therefore has to be true of one.
 *
 * <p>GitHub gives a new token whenever it is asked, so a token is seconds old and counts once. GitLab gives a job one
 * token when it starts, so it may be as old as the job, and comes with each command of that job.
 *
 * <p>Sources: docs.github.com, "OpenID Connect reference"; docs.gitlab.com, "OpenID Connect (OIDC) Authentication Using ID
 * Tokens".
 *
 * @param maximumAge since the token was issued
 * @param once whether each token counts once
 * @param run claims, and the variables that have to say the same
 */
record TokenTerms(Duration maximumAge, boolean once, Map<String, String> run) {
    private static final TokenTerms GITHUB = new TokenTerms(
            Duration.ofMinutes(5), true, Map.of("run_id", "GITHUB_RUN_ID", "run_attempt", "GITHUB_RUN_ATTEMPT"));
    private static final TokenTerms GITLAB =
            new TokenTerms(Duration.ofHours(3), false, Map.of("job_id", "CI_JOB_ID", "pipeline_id", "CI_PIPELINE_ID"));

    /** @param platform one for which {@link IdToken} finds a token */
    static TokenTerms of(String platform) {
        return platform.equals("github") ? GITHUB : GITLAB;
    }

    /** The token has to be this run's, and this attempt's: both sides have to say so. */
    void requireThisRun(JWTClaimsSet claims, Map<String, String> environment) throws UnprovenException {
        for (Map.Entry<String, String> pair : run.entrySet()) {
            Optional<String> claimed = text(claims, pair.getKey());
            if (claimed.isEmpty() || !claimed.get().equals(environment.get(pair.getValue()))) {
                throw new UnprovenException("the token belongs to another job than " + pair.getValue() + " says");
            }
        }
    }

    /** @throws UnprovenException if the token should count once and has nothing to know it by */
    Signature signature(JWTClaimsSet claims) throws UnprovenException {
        return new Signature(claims.getIssuer(), once ? Optional.of(fingerprint(claims)) : Optional.empty());
    }

    private static String fingerprint(JWTClaimsSet claims) throws UnprovenException {
        String id = text(claims, "jti").orElseThrow(() -> new UnprovenException("the token has no id (jti)"));
        try {
            byte[] unique = (claims.getIssuer() + '\n' + id).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(unique));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** A claim that is text; empty if it is missing, blank, or anything else. */
    static Optional<String> text(JWTClaimsSet claims, String name) {
        try {
            return Optional.ofNullable(claims.getStringClaim(name)).filter(value -> !value.isBlank());
        } catch (ParseException notText) {
            return Optional.empty();
        }
    }
}
