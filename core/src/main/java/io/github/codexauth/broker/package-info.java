/**
 * Passes a job's requests on to OpenAI with the credential that the job does not have.
 *
 * <p>{@link io.github.codexauth.broker.Broker} is the entry point. It is the one room that opens connections, and it
 * only repeats what the job's Codex asks: it begins no conversation of its own with OpenAI, and knows no refresh token.
 */
@NullMarked
package io.github.codexauth.broker;

import org.jspecify.annotations.NullMarked;
