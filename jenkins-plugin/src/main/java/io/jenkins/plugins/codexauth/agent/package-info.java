/**
 * What runs on an agent: making, watching, refreshing and wiping a private {@code CODEX_HOME}, and what is done to a
 * build's output, which is made there and on the controller.
 *
 * <p>Classes here are sent to agents. They know nothing of the controller, decide nothing about logins, and are given
 * no more than the one home that they work on.
 */
@NullMarked
package io.jenkins.plugins.codexauth.agent;

import org.jspecify.annotations.NullMarked;
