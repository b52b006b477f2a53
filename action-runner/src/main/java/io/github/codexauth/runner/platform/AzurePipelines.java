package io.github.codexauth.runner.platform;

import io.github.codexauth.trust.Fact;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.RunnerKind;
import java.util.List;
import java.util.Optional;

/**
 * Azure Pipelines. Source: learn.microsoft.com, "Use predefined variables". It does not tell a job whether its project
 * is public.
 */
final class AzurePipelines implements Platform {
    @Override
    public String name() {
        return "azure";
    }

    @Override
    public boolean isPresent(JobVariables variables) {
        return variables.has("TF_BUILD");
    }

    @Override
    public List<String> harmlessEvents() {
        return List.of("Manual", "IndividualCI", "BatchedCI", "Schedule", "PullRequest");
    }

    @Override
    public JobFacts read(JobVariables variables) {
        return JobFacts.unknown(
                        name(),
                        variables.get("BUILD_REPOSITORY_NAME").orElse("a repository that is not known") + " build "
                                + variables.get("BUILD_BUILDID").orElse("?"))
                .withRepository(variables.fact("BUILD_REPOSITORY_NAME"))
                .withOutside(outside(variables))
                .withBots(new BotSigns()
                        .starter(variables.fact("BUILD_REQUESTEDFOR"))
                        .branch(variables.fact("BUILD_SOURCEBRANCH"))
                        .branch(variables.fact("SYSTEM_PULLREQUEST_SOURCEBRANCH"))
                        .fact())
                .withRunner(variables.fact("AGENT_ISSELFHOSTED", AzurePipelines::runner))
                .withEvent(variables.fact("BUILD_REASON"))
                .withRef(variables.fact("BUILD_SOURCEBRANCH"));
    }

    private static Optional<Fact<Boolean>> outside(JobVariables variables) {
        if (variables.is("BUILD_REASON", "PullRequest")) {
            return variables.fact("SYSTEM_PULLREQUEST_ISFORK", Names::yesOrNo);
        }
        return variables.get("BUILD_REASON").map(reason -> Fact.declared(false, "BUILD_REASON is no pull request"));
    }

    private static Optional<RunnerKind> runner(String selfHosted) {
        return Names.yesOrNo(selfHosted).map(yes -> yes ? RunnerKind.SELF_HOSTED : RunnerKind.VENDOR_HOSTED);
    }
}
