/**
 * The {@code codex-auth} command. {@link io.github.codexauth.runner.Main} is the process; everything else takes what it needs as arguments.
 *
 * <pre>
 * command   one class for each command
 * input     what the user gave: options, variables, files
 * platform  what the CI system says about the job        policy  what the operator says about jobs
 * oidc      what a signed token proves
 * storage   which store, and what lies beside it
 * job       a job from verdict to exit code              process  child processes and signals
 * codex     Codex itself, as a process                   logs     secrets kept out of what the job prints
 * console   sentences, JSON
 * </pre>
 */
@NullMarked
package io.github.codexauth.runner;

import org.jspecify.annotations.NullMarked;
