/** The command line as it is written down for others to read: for people in a man page, for shells as completions. */
@NullMarked
package io.github.codexauth.runner.command.reference;

import org.jspecify.annotations.NullMarked;
