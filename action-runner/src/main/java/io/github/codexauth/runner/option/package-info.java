/**
 * The options that commands share: each knows its name, its variable and its help, and reads itself.
 *
 * <p>{@link io.github.codexauth.runner.option.Options} has them all; beside it lies what several of them mean together.
 * Nothing here knows the commands.
 */
@NullMarked
package io.github.codexauth.runner.option;

import org.jspecify.annotations.NullMarked;
