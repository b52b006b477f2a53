/**
 * What the CI systems say about a job: one reader for each, all found by {@link io.github.codexauth.runner.platform.Platforms}.
 *
 * <p>Everything here comes from variables and files that the job could have written, so it is {@code DECLARED} at best.
 */
@NullMarked
package io.github.codexauth.runner.platform;

import org.jspecify.annotations.NullMarked;
