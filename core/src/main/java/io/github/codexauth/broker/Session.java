package io.github.codexauth.broker;

import io.github.codexauth.SecretText;
import java.net.http.HttpClient;

/**
 * What all ways through a session's broker have in common.
 *
 * @param placeholder what its requests come with
 * @param bearers what they leave with
 */
record Session(SecretText placeholder, Bearers bearers, HttpClient client, RequestBodies bodies) {}
