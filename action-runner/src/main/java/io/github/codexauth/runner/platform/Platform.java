package io.github.codexauth.runner.platform;

import io.github.codexauth.trust.JobFacts;

/** One CI system: how to know it, and what it says. */
interface Platform {
    /** Its name in the operator's policy. */
    String name();

    /** Whether this job runs in it. */
    boolean isPresent(Variables variables);

    /** What it says about the job. */
    JobFacts read(Variables variables);
}
