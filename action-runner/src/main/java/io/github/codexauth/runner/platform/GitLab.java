package io.github.codexauth.runner.platform;

import io.github.codexauth.trust.Fact;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.RunnerKind;
import java.util.Optional;

/** GitLab CI. Source: docs.gitlab.com, "Predefined CI/CD variables reference". */
final class GitLab implements Platform {
    @Override
    public String name() {
        return "gitlab";
    }

    @Override
    public boolean isPresent(Variables variables) {
        return variables.isSet("GITLAB_CI");
    }

    @Override
    public JobFacts read(Variables variables) {
        return JobFacts.unknown(
                        name(),
                        variables.get("CI_PROJECT_PATH").orElse("a project that is not known") + " job "
                                + variables.get("CI_JOB_ID").orElse("?"))
                .withRepository(variables.fact("CI_PROJECT_PATH"))
                .withVisibility(variables.fact("CI_PROJECT_VISIBILITY", Names::visibility))
                .withOutside(outside(variables))
                .withRunner(runner(variables))
                .withEvent(variables.fact("CI_PIPELINE_SOURCE"))
                .withRef(ref(variables));
    }

    private static Optional<Fact<Boolean>> outside(Variables variables) {
        Optional<String> project = variables.get("CI_PROJECT_ID");
        Optional<String> source = variables.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID");
        if (project.isEmpty()) {
            return Optional.empty();
        }
        if (source.isPresent()) {
            return Optional.of(Fact.declared(!source.equals(project), "CI_MERGE_REQUEST_SOURCE_PROJECT_ID"));
        }
        // A merge request's pipeline that does not name the source project is not understood.
        return variables.isSet("CI_MERGE_REQUEST_IID")
                        || variables.is("CI_PIPELINE_SOURCE", "external_pull_request_event")
                ? Optional.empty()
                : Optional.of(Fact.declared(false, "CI_PROJECT_ID, no merge request"));
    }

    private static Optional<Fact<RunnerKind>> runner(Variables variables) {
        if (variables.isSet("CI_SHARED_ENVIRONMENT")) {
            return Optional.of(Fact.declared(RunnerKind.SHARED, "CI_SHARED_ENVIRONMENT"));
        }
        Optional<String> description = variables.get("CI_RUNNER_DESCRIPTION");
        if (description
                .filter(text -> text.contains("runners-manager.gitlab.com") || text.contains("saas-"))
                .isPresent()) {
            return Optional.of(Fact.declared(RunnerKind.VENDOR_HOSTED, "CI_RUNNER_DESCRIPTION"));
        }
        return variables.isSet("CI_RUNNER_ID")
                ? Optional.of(Fact.declared(RunnerKind.SELF_HOSTED, "CI_RUNNER_ID, no sign of a shared runner"))
                : Optional.empty();
    }

    private static Optional<Fact<String>> ref(Variables variables) {
        return variables
                .get("CI_COMMIT_TAG")
                .map(tag -> Fact.declared("refs/tags/" + tag, "CI_COMMIT_TAG"))
                .or(() -> variables
                        .get("CI_COMMIT_BRANCH")
                        .or(() -> variables.get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"))
                        .map(branch -> Fact.declared("refs/heads/" + branch, "CI_COMMIT_BRANCH")));
    }
}
