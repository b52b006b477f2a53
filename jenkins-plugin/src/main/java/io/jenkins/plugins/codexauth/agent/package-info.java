/**
 * What runs on an agent: making, watching and wiping a private {@code CODEX_HOME}, and hiding secrets in output that is made there.
 *
 * <p>Classes here are sent to agents. They know no Jenkins objects, decide nothing about logins, and are given no more than the one home
 * that they work on.
 */
@NullMarked
package io.jenkins.plugins.codexauth.agent;

import org.jspecify.annotations.NullMarked;
