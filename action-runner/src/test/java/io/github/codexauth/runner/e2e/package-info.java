/**
 * The packaged command, the real Codex CLI, and a stand-in for OpenAI's servers, end to end. Each class is one promise
 * of the README.
 */
package io.github.codexauth.runner.e2e;
