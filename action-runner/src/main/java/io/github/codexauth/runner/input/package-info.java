/**
 * What the user gave us: options and the environment variables behind them, files with secrets, durations.
 *
 * <p>Every option has a variable {@code CODEX_AUTH_…} and, for secrets in files, one more with {@code _FILE} at its end. The command
 * line wins over the environment. A secret is read when it is needed, and no earlier.
 */
@NullMarked
package io.github.codexauth.runner.input;

import org.jspecify.annotations.NullMarked;
