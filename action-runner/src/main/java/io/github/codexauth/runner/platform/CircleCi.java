package io.github.codexauth.runner.platform;

import io.github.codexauth.trust.Fact;
import io.github.codexauth.trust.JobFacts;
import java.util.Optional;

/**
 * CircleCI. Source: circleci.com/docs, "Project values and variables". A job learns of a fork only by variables that
 * exist there alone, and who pushed only where that is a person; it learns neither what started it, nor whose machine
 * it is on, nor whether the project is public.
 */
final class CircleCi implements Platform {
    @Override
    public String name() {
        return "circleci";
    }

    @Override
    public boolean isPresent(JobVariables variables) {
        return variables.has("CIRCLECI");
    }

    @Override
    public JobFacts read(JobVariables variables) {
        Optional<String> repository = variables
                .get("CIRCLE_PROJECT_USERNAME")
                .flatMap(owner -> variables.get("CIRCLE_PROJECT_REPONAME").map(name -> owner + "/" + name));
        return JobFacts.unknown(
                        name(),
                        repository.orElse("a project that is not known") + " build "
                                + variables.get("CIRCLE_BUILD_NUM").orElse("?"))
                .withRepository(repository.map(name -> Fact.declared(name, "CIRCLE_PROJECT_REPONAME")))
                .withOutside(outside(variables, repository))
                .withBots(new BotSigns()
                        .starter(variables.fact("CIRCLE_USERNAME"))
                        .branch(variables.fact("CIRCLE_BRANCH"))
                        .fact())
                .withRef(variables
                        .get("CIRCLE_TAG")
                        .map(tag -> Fact.declared("refs/tags/" + tag, "CIRCLE_TAG"))
                        .or(() -> variables
                                .get("CIRCLE_BRANCH")
                                .map(branch -> Fact.declared("refs/heads/" + branch, "CIRCLE_BRANCH"))));
    }

    private static Optional<Fact<Boolean>> outside(JobVariables variables, Optional<String> repository) {
        boolean fork = variables.isSet("CIRCLE_PR_USERNAME")
                || variables.isSet("CIRCLE_PR_REPONAME")
                || variables.isSet("CIRCLE_PR_NUMBER");
        if (fork) {
            return Optional.of(Fact.declared(true, "CIRCLE_PR_… is set, as for forks"));
        }
        return repository.map(name -> Fact.declared(false, "no CIRCLE_PR_… is set"));
    }
}
