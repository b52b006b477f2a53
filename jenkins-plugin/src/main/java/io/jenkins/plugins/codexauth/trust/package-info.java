/**
 * Which builds may have a credential: what this controller's own objects say about a build and its agent, and what the
 * administrator allows.
 *
 * <p>{@link io.jenkins.plugins.codexauth.trust.BuildTrust} is the entry point. Nothing that a build could have written
 * itself is asked.
 */
@NullMarked
package io.jenkins.plugins.codexauth.trust;

import org.jspecify.annotations.NullMarked;
