/**
 * Whether a job may have a credential: facts about the job, rules for jobs, and the verdict.
 *
 * <p>What a job could have written itself can only deny; see {@link io.github.codexauth.trust.Evidence}. What is not
 * known denies. Nothing here reads a file, a variable or a credential.
 */
@NullMarked
package io.github.codexauth.trust;

import org.jspecify.annotations.NullMarked;
