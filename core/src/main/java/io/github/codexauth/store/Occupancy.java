package io.github.codexauth.store;

import java.time.Instant;
import java.util.Optional;

/**
 * A credential that somebody has.
 *
 * @param holder who and since when
 * @param until when a detached lease ends by itself; empty while the holder is a living process
 */
public record Occupancy(Holder holder, Optional<Instant> until) {}
