package io.github.codexauth.stores.remote;

import java.time.Duration;

/**
 * How long a lease lasts without its holder.
 *
 * @param term after which it ends, by the server's clock
 * @param renewal how often its holder renews it, give or take a fifth
 * @param margin how much earlier its holder is in doubt
 */
public record LeaseTimes(Duration term, Duration renewal, Duration margin) {
    public static final LeaseTimes USUAL =
            new LeaseTimes(Duration.ofSeconds(60), Duration.ofSeconds(20), Duration.ofSeconds(10));
}
