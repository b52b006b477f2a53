/**
 * A Codex job from verdict to exit code: {@link io.github.codexauth.runner.job.GivenRun} for credentials that the user
 * hands to us, {@link io.github.codexauth.runner.job.KeptLoginRun} for logins that stay with us, and
 * {@link io.github.codexauth.runner.job.ManagedRun} for logins that a job has whole, out of a store and back into it.
 */
@NullMarked
package io.github.codexauth.runner.job;

import org.jspecify.annotations.NullMarked;
