package io.github.codexauth.runner.policy;

import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.TrustDecision;
import java.util.Optional;

/**
 * What came of judging a job.
 *
 * @param facts what was known
 * @param policy what judged it: a file, or {@code the default policy}
 * @param machine the name that the policy gives this machine
 */
public record Verdict(JobFacts facts, String policy, Optional<String> machine, TrustDecision decision) {}
