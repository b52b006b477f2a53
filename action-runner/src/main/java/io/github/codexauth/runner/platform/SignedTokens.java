package io.github.codexauth.runner.platform;

import io.github.codexauth.trust.Fact;
import io.github.codexauth.trust.JobFacts;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The signed tokens of one CI system: who signs them, how a job gets one, what has to be true of it, and what its
 * claims say.
 */
public interface SignedTokens {
    /** Who signs unless the operator names somebody. */
    List<String> usualIssuers();

    /** Whether an address is known to be an issuer of this system and of no other. */
    boolean owns(URI issuer);

    /** Whether people run servers of this system, which sign by addresses that nobody can know. */
    boolean mayBeAnywhere();

    /** Where the job with these variables has its token. */
    TokenPlace find(Map<String, String> environment, String audience);

    /** What to write into the job's definition so that it gets one, for people. */
    String howToGet(String audience);

    /** What has to be true of a token. */
    TokenTerms terms();

    /**
     * The declared facts with those in the place of them that the claims sign, but for where the change comes from and
     * whose it is.
     */
    JobFacts signed(JobFacts declared, Claims claims);

    /** Events at which a token means that the change is the repository's own. */
    Set<String> ownChanges();

    /** Who started the job. */
    Optional<Fact<String>> starter(Claims claims);
}
