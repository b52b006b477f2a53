/**
 * Keeps secrets out of what the job prints, following every refresh.
 *
 * <p>{@link io.github.codexauth.runner.logs.LogProtection} is the entry point.
 */
@NullMarked
package io.github.codexauth.runner.logs;

import org.jspecify.annotations.NullMarked;
