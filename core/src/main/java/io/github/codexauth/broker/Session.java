package io.github.codexauth.broker;

import io.github.codexauth.SecretText;

/**
 * What all ways through a session's broker have in common.
 *
 * @param placeholder what its requests come with
 * @param bearers what they leave with
 */
record Session(SecretText placeholder, Bearers bearers, Outward outward, RequestBodies bodies) {}
