/**
 * The commands: one class for each, what several of them do in the same way, messages for failures and their exit
 * codes.
 *
 * <p>{@link io.github.codexauth.runner.command.CodexAuthCommand} is the entry point. Nothing here decides anything
 * about a login: what a command does lies in the packages beside this one and in the library, and what may be typed in
 * {@code option}.
 */
@NullMarked
package io.github.codexauth.runner.command;

import org.jspecify.annotations.NullMarked;
