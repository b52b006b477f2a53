package io.jenkins.plugins.codexauth.session;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a block wants a login.
 *
 * @param keepsLogin whether the login stays on the controller, and the block gets access alone
 * @param budget how long the block may take
 * @param config the user's config.toml; null for none
 */
public record Loan(
        boolean keepsLogin, Duration budget, @Nullable String config) {}
