/**
 * How a job signs in to Codex: the four modes ({@link io.github.codexauth.CodexAuth}), the file that
 * Codex keeps ({@link io.github.codexauth.AuthJson}), and the small types both are made of.
 *
 * <p>Nothing here reads the environment, starts a process or talks to a server. Values that hold a
 * secret print as {@code ****}; {@link io.github.codexauth.SecretText#reveal()} is the one way out.
 */
@NullMarked
package io.github.codexauth;

import org.jspecify.annotations.NullMarked;
