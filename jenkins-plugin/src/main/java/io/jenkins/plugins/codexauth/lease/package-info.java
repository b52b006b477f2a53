/**
 * Which build has which login, and who is next.
 *
 * <p>{@link io.jenkins.plugins.codexauth.lease.TurnQueues} hands out turns that belong to builds: they outlive the
 * controller's process and end with their build. {@link io.jenkins.plugins.codexauth.lease.JenkinsCredentialStore}
 * keeps the logins themselves.
 */
@NullMarked
package io.jenkins.plugins.codexauth.lease;

import org.jspecify.annotations.NullMarked;
