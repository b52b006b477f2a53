/**
 * What the user gave us, and the process we were started in: words that were typed, environment variables, files with
 * secrets. What each of them means the options know.
 *
 * <p>Every option has a variable {@code CODEX_AUTH_…} and, for secrets in files, one more with {@code _FILE} at its
 * end. The command line wins over the environment. A secret is read when it is needed, and no earlier.
 */
@NullMarked
package io.github.codexauth.runner.input;

import org.jspecify.annotations.NullMarked;
