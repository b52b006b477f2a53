/**
 * Codex accounts: the credential that a person makes, and the login that belongs to it.
 *
 * <p>{@link io.jenkins.plugins.codexauth.account.CodexAccountCredentials} is the credential type,
 * {@link io.jenkins.plugins.codexauth.account.CodexAccount} one of them in its place.
 */
@NullMarked
package io.jenkins.plugins.codexauth.account;

import org.jspecify.annotations.NullMarked;
