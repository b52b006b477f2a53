/**
 * The step {@code withCodexAuth}, for Pipelines and as a build environment of Freestyle jobs.
 *
 * <p>{@link io.jenkins.plugins.codexauth.step.WithCodexAuthStep} has the options. Both get in by the same
 * {@link io.jenkins.plugins.codexauth.step.SignInAttempt}.
 */
@NullMarked
package io.jenkins.plugins.codexauth.step;

import org.jspecify.annotations.NullMarked;
