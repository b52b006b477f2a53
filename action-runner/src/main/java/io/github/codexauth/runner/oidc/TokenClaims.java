package io.github.codexauth.runner.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import io.github.codexauth.runner.platform.Claims;
import io.github.codexauth.runner.platform.TokenTerms;
import io.github.codexauth.trust.Signature;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** The claims of a token that is genuine. */
record TokenClaims(JWTClaimsSet set) implements Claims {
    @Override
    public Optional<String> text(String name) {
        try {
            return Optional.ofNullable(set.getStringClaim(name)).filter(value -> !value.isBlank());
        } catch (ParseException notText) {
            return Optional.empty();
        }
    }

    /** The token has to be this run's, and this attempt's: both sides have to say so. */
    void requireThisRun(TokenTerms terms, Map<String, String> environment) throws UnprovenException {
        for (Map.Entry<String, String> pair : terms.run().entrySet()) {
            Optional<String> claimed = text(pair.getKey());
            if (claimed.isEmpty() || !claimed.get().equals(environment.get(pair.getValue()))) {
                throw new UnprovenException("the token belongs to another job than " + pair.getValue() + " says");
            }
        }
    }

    /** @throws UnprovenException if the token should count once and has nothing to know it by */
    Signature signature(TokenTerms terms) throws UnprovenException {
        return new Signature(set.getIssuer(), terms.once() ? Optional.of(fingerprint()) : Optional.empty());
    }

    private String fingerprint() throws UnprovenException {
        String id = text("jti").orElseThrow(() -> new UnprovenException("the token has no id (jti)"));
        try {
            byte[] unique = (set.getIssuer() + '\n' + id).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(unique));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
