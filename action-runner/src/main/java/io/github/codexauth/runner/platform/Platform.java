package io.github.codexauth.runner.platform;

import io.github.codexauth.trust.JobFacts;
import java.util.List;
import java.util.Optional;

/** One CI system: how to know it, what it says about a job, and what that is worth. */
interface Platform {
    /** Its name in the operator's policy. */
    String name();

    /** Whether this job runs in it. */
    boolean isPresent(JobVariables variables);

    /** What it says about the job. */
    JobFacts read(JobVariables variables);

    /**
     * What starts a job without bringing a stranger's input along, in its own words; empty if it does not say what
     * starts one.
     */
    default List<String> harmlessEvents() {
        return List.of();
    }

    /** Whether a job can learn everything that the default policy asks about. */
    default boolean fitsTheDefaultPolicy() {
        return false;
    }

    /** Whether a job learns the numbers of its repository and that one's owner. */
    default boolean tellsIds() {
        return false;
    }

    /** Whether lines such as {@code ::add-mask::} mean something in a job's log. */
    default boolean understandsWorkflowCommands() {
        return false;
    }

    /** The signed tokens of its jobs; empty if they have none that is understood here. */
    default Optional<SignedTokens> tokens() {
        return Optional.empty();
    }
}
