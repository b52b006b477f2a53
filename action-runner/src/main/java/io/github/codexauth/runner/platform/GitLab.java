package io.github.codexauth.runner.platform;

import io.github.codexauth.trust.Bots;
import io.github.codexauth.trust.Fact;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.RunnerKind;
import java.util.List;
import java.util.Optional;

/**
 * GitLab CI. Source: docs.gitlab.com, "Predefined CI/CD variables reference".
 *
 * <p>A job does not learn whether its runner serves other projects of the same server as well. (CI_SHARED_ENVIRONMENT is no sign
 * of it: the shell and ssh executors set it, since their jobs follow each other in one place.)
 */
final class GitLab implements Platform {
    @Override
    public String name() {
        return "gitlab";
    }

    @Override
    public boolean isPresent(Variables variables) {
        return variables.has("GITLAB_CI");
    }

    @Override
    public JobFacts read(Variables variables) {
        return JobFacts.unknown(
                        name(),
                        variables.get("CI_PROJECT_PATH").orElse("a project that is not known") + " job "
                                + variables.get("CI_JOB_ID").orElse("?"))
                .withRepository(variables.fact("CI_PROJECT_PATH"))
                .withRepositoryId(variables.fact("CI_PROJECT_ID"))
                .withOwnerId(variables.fact("CI_PROJECT_NAMESPACE_ID"))
                .withVisibility(variables.fact("CI_PROJECT_VISIBILITY", Names::visibility))
                .withOutside(outside(variables))
                .withBots(bots(variables))
                .withRunner(runner(variables))
                .withEvent(variables.fact("CI_PIPELINE_SOURCE"))
                .withRef(ref(variables))
                .withRefProtected(variables.fact("CI_COMMIT_REF_PROTECTED", Names::yesOrNo));
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
        return isMergeRequest(variables) || variables.is("CI_PIPELINE_SOURCE", "external_pull_request_event")
                ? Optional.empty()
                : Optional.of(Fact.declared(false, "CI_PROJECT_ID, no merge request"));
    }

    /** Who started the pipeline, and the branch. Who owns a schedule says nothing of what it runs. */
    private static Optional<Fact<Bots>> bots(Variables variables) {
        BotSigns signs = new BotSigns()
                .branch(variables.fact("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"))
                .branch(variables.fact("CI_COMMIT_BRANCH"));
        return variables.is("CI_PIPELINE_SOURCE", "schedule")
                ? signs.whoeverStarted("CI_PIPELINE_SOURCE is schedule").fact()
                : signs.starter(variables.fact("GITLAB_USER_LOGIN")).fact();
    }

    private static boolean isMergeRequest(Variables variables) {
        return variables.isSet("CI_MERGE_REQUEST_IID") || variables.is("CI_PIPELINE_SOURCE", "merge_request_event");
    }

    /** GitLab.com's own runners are known by their names and tags; a runner that says neither is not known. */
    private static Optional<Fact<RunnerKind>> runner(Variables variables) {
        for (String variable : List.of("CI_RUNNER_DESCRIPTION", "CI_RUNNER_TAGS")) {
            if (variables.get(variable).filter(GitLab::isVendors).isPresent()) {
                return Optional.of(Fact.declared(RunnerKind.VENDOR_HOSTED, variable));
            }
        }
        return variables.isSet("CI_RUNNER_DESCRIPTION") || variables.isSet("CI_RUNNER_TAGS")
                ? Optional.of(Fact.declared(
                        RunnerKind.SELF_HOSTED, "CI_RUNNER_DESCRIPTION and CI_RUNNER_TAGS are not of GitLab's runners"))
                : Optional.empty();
    }

    private static boolean isVendors(String text) {
        return text.contains("runners-manager.gitlab.com") || text.contains("saas-") || text.contains("gitlab-org");
    }

    /** A merge request has a ref of its own: its branch may be another project's, and bear any name. */
    private static Optional<Fact<String>> ref(Variables variables) {
        if (isMergeRequest(variables)) {
            return variables.fact("CI_MERGE_REQUEST_REF_PATH");
        }
        return variables
                .get("CI_COMMIT_TAG")
                .map(tag -> Fact.declared("refs/tags/" + tag, "CI_COMMIT_TAG"))
                .or(() -> variables
                        .get("CI_COMMIT_BRANCH")
                        .map(branch -> Fact.declared("refs/heads/" + branch, "CI_COMMIT_BRANCH")));
    }
}
