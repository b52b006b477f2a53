/**
 * A stand-in for OpenAI's servers on loopback, and the real Codex CLI to run against it. Test code, shared by all
 * modules.
 *
 * <p>{@link io.github.codexauth.standin.StandIn} always enforces the rule that matters: a refresh token works once, and
 * using it again ends the login for good. Every lost or doubled refresh is therefore seen.
 */
package io.github.codexauth.standin;
