package io.github.codexauth.runner.platform;

import io.github.codexauth.trust.Fact;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.Refusal;
import java.util.List;
import java.util.Optional;

/**
 * Jenkins, seen from a job's shell: an operator's policy can allow it by the job's name. The plugin, which asks the
 * controller, knows far more. Sources: jenkins.io/doc, "Using environment variables"; the branch-api plugin for
 * {@code CHANGE_…}.
 */
final class Jenkins implements Platform {
    @Override
    public String name() {
        return "jenkins";
    }

    @Override
    public boolean isPresent(JobVariables variables) {
        return variables.has("JENKINS_URL");
    }

    @Override
    public JobFacts read(JobVariables variables) {
        JobFacts facts = JobFacts.unknown(
                        name(),
                        variables.get("JOB_NAME").orElse("a job that is not known") + " #"
                                + variables.get("BUILD_NUMBER").orElse("?"))
                .withAdvice(
                        "use the step withCodexAuth of the Jenkins plugin, which asks the controller instead of variables")
                .withRepository(variables.fact("JOB_NAME"))
                .withOutside(outside(variables))
                .withBots(new BotSigns()
                        .author(variables.fact("CHANGE_AUTHOR"))
                        .branch(variables.fact("CHANGE_BRANCH"))
                        .branch(variables.fact("BRANCH_NAME"))
                        .fact())
                .withRef(variables
                        .get("BRANCH_NAME")
                        .map(branch -> Fact.declared("refs/heads/" + branch, "BRANCH_NAME")));
        return variables.is("NODE_NAME", "built-in") || variables.is("NODE_NAME", "master")
                ? facts.withObstacles(List.of(new Refusal(
                        "the job runs on Jenkins' built-in node, where it can reach every secret of the controller",
                        "run it on an agent")))
                : facts;
    }

    private static Optional<Fact<Boolean>> outside(JobVariables variables) {
        if (variables.isSet("CHANGE_FORK")) {
            return Optional.of(Fact.declared(true, "CHANGE_FORK is set"));
        }
        // Only multibranch jobs would say so; of any other we do not know what change it builds.
        return variables.isSet("BRANCH_NAME")
                ? Optional.of(Fact.declared(false, "BRANCH_NAME is set, CHANGE_FORK is not"))
                : Optional.empty();
    }
}
