package io.github.codexauth.runner.platform;

import java.time.Duration;
import java.util.Map;

/**
 * What has to be true of a CI system's signed token.
 *
 * @param maximumAge since the token was issued
 * @param once whether each token counts once
 * @param run claims, and the variables that have to say the same
 */
public record TokenTerms(Duration maximumAge, boolean once, Map<String, String> run) {
    public TokenTerms {
        run = Map.copyOf(run);
    }
}
