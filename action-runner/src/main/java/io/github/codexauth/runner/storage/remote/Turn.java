package io.github.codexauth.runner.storage.remote;

/**
 * A credential whose turn it is to be ours.
 *
 * @param term how long for certain
 */
public record Turn(OurLease ours, Term term) {}
