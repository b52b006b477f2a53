package io.github.codexauth.stores.remote;

/**
 * A credential whose turn it is to be ours.
 *
 * @param term how long for certain
 */
public record Turn(OurLease ours, Term term) {}
