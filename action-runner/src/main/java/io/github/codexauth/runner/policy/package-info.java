/**
 * What the operator of a machine says about jobs: the policy file, who may have written it, and the verdict it leads
 * to.
 *
 * <p>{@link io.github.codexauth.runner.policy.TrustCheck} is the entry point.
 */
@NullMarked
package io.github.codexauth.runner.policy;

import org.jspecify.annotations.NullMarked;
