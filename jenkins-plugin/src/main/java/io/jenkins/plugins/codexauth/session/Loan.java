package io.jenkins.plugins.codexauth.session;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a block wants a login.
 *
 * @param keepsLogin whether the login stays on the controller, and the block gets access alone
 * @param shared whether other builds may have it at the same time; only of one that stays here
 * @param budget how long the block may take
 * @param config the user's config.toml; null for none
 */
public record Loan(
        boolean keepsLogin,
        boolean shared,
        Duration budget,
        @Nullable String config) {}
