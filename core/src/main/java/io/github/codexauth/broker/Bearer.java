package io.github.codexauth.broker;

import io.github.codexauth.SecretText;

/**
 * What proves to a server who asks.
 *
 * @param generation tells this state of a credential from those before it; 0 for one that has only one
 */
public record Bearer(SecretText token, long generation) {}
