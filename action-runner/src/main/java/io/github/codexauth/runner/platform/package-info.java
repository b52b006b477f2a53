/**
 * What the CI systems say about a job, and what that is worth: one file for each system, all found by
 * {@link io.github.codexauth.runner.platform.Platforms}.
 *
 * <p>What is read here comes from variables and files that the job could have written, so it is {@code DECLARED} at
 * best. What a signed token claims counts only once {@code oidc} has checked it.
 */
@NullMarked
package io.github.codexauth.runner.platform;

import org.jspecify.annotations.NullMarked;
