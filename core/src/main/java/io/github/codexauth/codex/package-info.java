/**
 * The Codex that is installed: which version it is, and what it says when it is asked to refresh a login.
 *
 * <p>{@link io.github.codexauth.codex.AppServer} lets it refresh; only Codex itself ever talks to OpenAI.
 */
@NullMarked
package io.github.codexauth.codex;

import org.jspecify.annotations.NullMarked;
