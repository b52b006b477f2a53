package io.github.codexauth.runner.platform;

import io.github.codexauth.trust.Fact;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.RunnerKind;
import java.util.List;
import java.util.Optional;

/** Buildkite. Source: buildkite.com/docs, "Environment variables". It does not say whether a repository is public. */
final class Buildkite implements Platform {
    @Override
    public String name() {
        return "buildkite";
    }

    @Override
    public boolean isPresent(JobVariables variables) {
        return variables.has("BUILDKITE");
    }

    @Override
    public List<String> harmlessEvents() {
        return List.of("webhook", "schedule", "ui");
    }

    @Override
    public JobFacts read(JobVariables variables) {
        return JobFacts.unknown(
                        name(),
                        variables.get("BUILDKITE_PIPELINE_SLUG").orElse("a pipeline that is not known") + " build "
                                + variables.get("BUILDKITE_BUILD_NUMBER").orElse("?"))
                .withRepository(variables.fact(
                        "BUILDKITE_REPO",
                        address -> RepositoryAddress.of(address).map(RepositoryAddress::path)))
                .withOutside(outside(variables))
                .withBots(new BotSigns()
                        .starter(variables.fact("BUILDKITE_BUILD_CREATOR"))
                        .branch(variables.fact("BUILDKITE_BRANCH"))
                        .fact())
                .withRunner(variables.fact("BUILDKITE_COMPUTE_TYPE", Buildkite::runner))
                .withEvent(variables.fact("BUILDKITE_SOURCE"))
                .withRef(ref(variables));
    }

    /** A pull request's branch may be a fork's, and bear any name. */
    private static Optional<Fact<String>> ref(JobVariables variables) {
        Optional<String> pullRequest =
                variables.get("BUILDKITE_PULL_REQUEST").filter(number -> !number.equals("false"));
        if (pullRequest.isPresent()) {
            return pullRequest.map(number -> Fact.declared("refs/pull/" + number + "/head", "BUILDKITE_PULL_REQUEST"));
        }
        return variables
                .get("BUILDKITE_TAG")
                .map(tag -> Fact.declared("refs/tags/" + tag, "BUILDKITE_TAG"))
                .or(() -> variables
                        .get("BUILDKITE_BRANCH")
                        .map(branch -> Fact.declared("refs/heads/" + branch, "BUILDKITE_BRANCH")));
    }

    private static Optional<Fact<Boolean>> outside(JobVariables variables) {
        Optional<RepositoryAddress> repository = variables.get("BUILDKITE_REPO").flatMap(RepositoryAddress::of);
        Optional<String> pullRequest = variables.get("BUILDKITE_PULL_REQUEST");
        if (repository.isEmpty() || pullRequest.isEmpty()) {
            return Optional.empty();
        }
        if (pullRequest.get().equals("false")) {
            return Optional.of(Fact.declared(false, "BUILDKITE_PULL_REQUEST is false"));
        }
        return variables
                .get("BUILDKITE_PULL_REQUEST_REPO")
                .flatMap(RepositoryAddress::of)
                .map(from -> Fact.declared(!from.equals(repository.get()), "BUILDKITE_PULL_REQUEST_REPO"));
    }

    private static Optional<RunnerKind> runner(String computeType) {
        return switch (computeType) {
            case "self-hosted" -> Optional.of(RunnerKind.SELF_HOSTED);
            case "hosted" -> Optional.of(RunnerKind.VENDOR_HOSTED);
            default -> Optional.empty();
        };
    }
}
