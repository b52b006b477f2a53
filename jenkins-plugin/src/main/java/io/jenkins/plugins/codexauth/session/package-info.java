/**
 * A login or key on loan to one build: the controller's half.
 *
 * <p>{@link io.jenkins.plugins.codexauth.session.BuildSessions} is the entry point. What happens on the agent is in the
 * package {@code agent}; which build's turn it is, in {@code lease}.
 */
@NullMarked
package io.jenkins.plugins.codexauth.session;

import org.jspecify.annotations.NullMarked;
