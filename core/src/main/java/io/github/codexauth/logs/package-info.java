/**
 * Finds secrets in output and replaces them, following every refresh.
 *
 * <p>{@link io.github.codexauth.logs.SecretFilter} is the entry point. It knows no CI system: what a system's own masks
 * are told is the adapter's business, in the forms of {@link io.github.codexauth.logs.SecretForms}.
 */
@NullMarked
package io.github.codexauth.logs;

import org.jspecify.annotations.NullMarked;
