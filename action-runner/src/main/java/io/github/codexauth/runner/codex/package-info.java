/** Codex itself, as a process that refreshes a login before the job. */
@NullMarked
package io.github.codexauth.runner.codex;

import org.jspecify.annotations.NullMarked;
