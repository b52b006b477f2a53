/**
 * The {@code codex-auth} command. {@link io.github.codexauth.runner.Main} is the process; everything else takes what it
 * needs as arguments.
 *
 * <pre>
 * command   one class for each command                  option   what may be typed, and how it is read
 * input     what the user gave: words, variables, files  console  sentences, reports of bugs, JSON
 * platform  what the CI system says about the job       policy   what the operator says about jobs
 * oidc      what a signed token proves                  network  proxies and authorities for our own requests
 * storage   which store, and what lies beside it        doctor   what would go wrong on this machine
 * job       a job from verdict to exit code             process  child processes and signals
 * codex     which Codex is on the path                  logs     secrets kept out of what the job prints
 * workflow  how a step talks to its runner
 * </pre>
 */
@NullMarked
package io.github.codexauth.runner;

import org.jspecify.annotations.NullMarked;
