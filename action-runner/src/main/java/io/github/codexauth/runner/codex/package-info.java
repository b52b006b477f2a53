/**
 * Which Codex there is, whether a job may have a credential with it, whether it can confine what the model runs;
 * signing in.
 */
@NullMarked
package io.github.codexauth.runner.codex;

import org.jspecify.annotations.NullMarked;
