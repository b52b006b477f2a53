/**
 * The command line: one class for each command, the options they share, exit codes.
 *
 * <p>Nothing here decides anything about a login. What a command does lies in the packages beside this one and in the library.
 */
@NullMarked
package io.github.codexauth.runner.command;

import org.jspecify.annotations.NullMarked;
