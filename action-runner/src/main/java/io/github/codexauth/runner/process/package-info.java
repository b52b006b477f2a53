/**
 * The job's command as a child process: found on the PATH, started, watched, told of signals, ended in time.
 *
 * <p>{@link io.github.codexauth.runner.process.Job} is the entry point. Signals reach us through
 * {@link io.github.codexauth.runner.process.SignalInbox} and never end this process by themselves, so the last save
 * always happens.
 *
 * <p>Nothing here knows what a credential is.
 */
@NullMarked
package io.github.codexauth.runner.process;

import org.jspecify.annotations.NullMarked;
