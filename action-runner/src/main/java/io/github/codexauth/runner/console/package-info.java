/**
 * How the command talks to people and machines: sentences on stderr, reports of our own mistakes, JSON
 * on stdout where it was asked for.
 *
 * <p>Nothing here ever sees a secret.
 */
@NullMarked
package io.github.codexauth.runner.console;

import org.jspecify.annotations.NullMarked;
