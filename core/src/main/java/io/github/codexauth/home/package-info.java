/**
 * A {@code CODEX_HOME}: made, configured, watched, cleared of stray processes, and wiped.
 *
 * <p>{@link io.github.codexauth.home.CodexHome} is the entry point. Nothing here knows where a login comes from or
 * where it goes.
 */
@NullMarked
package io.github.codexauth.home;

import org.jspecify.annotations.NullMarked;
