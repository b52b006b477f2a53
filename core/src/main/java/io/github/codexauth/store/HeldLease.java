package io.github.codexauth.store;

/**
 * A lease that somebody has, as an operator is shown it: which one is meant, and no later one, even of the same holder.
 *
 * @param epoch counts how often the credential was taken, or taken up again; it never goes down
 */
public record HeldLease(long epoch, Occupancy occupancy) {}
