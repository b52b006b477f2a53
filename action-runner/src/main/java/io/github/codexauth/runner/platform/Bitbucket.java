package io.github.codexauth.runner.platform;

import io.github.codexauth.trust.Fact;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.Visibility;

/**
 * Bitbucket Pipelines. Source: support.atlassian.com, "JobVariables and secrets". A job learns neither what or who
 * started it nor whose machine it is on. Pipelines of a fork run in the fork, so a job with this repository's name is
 * this repository's.
 */
final class Bitbucket implements Platform {
    @Override
    public String name() {
        return "bitbucket";
    }

    @Override
    public boolean isPresent(JobVariables variables) {
        return variables.has("BITBUCKET_BUILD_NUMBER");
    }

    @Override
    public JobFacts read(JobVariables variables) {
        return JobFacts.unknown(
                        name(),
                        variables.get("BITBUCKET_REPO_FULL_NAME").orElse("a repository that is not known") + " build "
                                + variables.get("BITBUCKET_BUILD_NUMBER").orElse("?"))
                .withRepository(variables.fact("BITBUCKET_REPO_FULL_NAME"))
                .withVisibility(variables.fact(
                        "BITBUCKET_REPO_IS_PRIVATE",
                        word -> Names.yesOrNo(word).map(yes -> yes ? Visibility.PRIVATE : Visibility.PUBLIC)))
                .withBots(new BotSigns()
                        .branch(variables.fact("BITBUCKET_BRANCH"))
                        .fact())
                .withRef(variables
                        .get("BITBUCKET_TAG")
                        .map(tag -> Fact.declared("refs/tags/" + tag, "BITBUCKET_TAG"))
                        .or(() -> variables
                                .get("BITBUCKET_BRANCH")
                                .map(branch -> Fact.declared("refs/heads/" + branch, "BITBUCKET_BRANCH"))));
    }
}
