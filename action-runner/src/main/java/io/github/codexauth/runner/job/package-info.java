/**
 * A Codex job from verdict to exit code: {@link io.github.codexauth.runner.job.GivenRun} for credentials that the user
 * hands to us, {@link io.github.codexauth.runner.job.ManagedRun} for logins that come out of a store and go back into
 * it.
 */
@NullMarked
package io.github.codexauth.runner.job;

import org.jspecify.annotations.NullMarked;
