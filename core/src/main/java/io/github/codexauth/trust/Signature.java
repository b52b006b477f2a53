package io.github.codexauth.trust;

import java.util.Optional;

/**
 * Who signed what is known about a job.
 *
 * @param issuer the address under which the signer's keys are
 * @param oneTimeToken a fingerprint of the token, without secrets; empty where one token serves a job as often as it
 *     likes
 */
public record Signature(String issuer, Optional<String> oneTimeToken) {}
