/**
 * What a job gets of a credential that stays with its helper: an {@code auth.json} that cannot refresh itself, and a
 * loopback address at which its Codex asks for the next access token instead of at OpenAI; or placeholders, and a
 * broker for all that its Codex sends.
 *
 * <p>{@link io.github.codexauth.handover.Handover} is the entry point. Nothing here calls OpenAI's server for logins:
 * the helper's own Codex refreshes, under a lease.
 */
@NullMarked
package io.github.codexauth.handover;

import org.jspecify.annotations.NullMarked;
