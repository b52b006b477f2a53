/**
 * One login under its lease: what may follow it, what must not take its place, and where that goes instead.
 *
 * <p>{@link io.github.codexauth.login.LoanedLogin} keeps a login while a job has it,
 * {@link io.github.codexauth.login.Upkeep} serves those who look after it, and both work on
 * {@link io.github.codexauth.login.LoginRecords}. Nothing here makes a home or runs Codex.
 */
@NullMarked
package io.github.codexauth.login;

import org.jspecify.annotations.NullMarked;
