/**
 * What administrators see: the page of all Codex accounts, and the warning before a login dies.
 *
 * <p>{@link io.jenkins.plugins.codexauth.page.CodexAccountsLink} is the page. Nothing here reads a secret.
 */
@NullMarked
package io.jenkins.plugins.codexauth.page;

import org.jspecify.annotations.NullMarked;
