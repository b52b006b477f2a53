package io.github.codexauth.runner.platform;

import io.github.codexauth.trust.Bots;
import io.github.codexauth.trust.Fact;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.RunnerKind;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * GitLab CI. Source: docs.gitlab.com, "Predefined CI/CD variables reference".
 *
 * <p>A job does not learn whether its runner serves other projects of the same server as well. (CI_SHARED_ENVIRONMENT
 * is no sign of it: the shell and ssh executors set it, since their jobs follow each other in one place.)
 */
final class GitLab implements Platform {
    @Override
    public String name() {
        return "gitlab";
    }

    @Override
    public boolean isPresent(JobVariables variables) {
        return variables.has("GITLAB_CI");
    }

    @Override
    public List<String> harmlessEvents() {
        return List.of("push", "schedule", "web", "merge_request_event", "parent_pipeline");
    }

    @Override
    public boolean fitsTheDefaultPolicy() {
        return true;
    }

    @Override
    public boolean tellsIds() {
        return true;
    }

    @Override
    public Optional<SignedTokens> tokens() {
        return Optional.of(new Tokens());
    }

    @Override
    public JobFacts read(JobVariables variables) {
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

    private static Optional<Fact<Boolean>> outside(JobVariables variables) {
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
    private static Optional<Fact<Bots>> bots(JobVariables variables) {
        BotSigns signs = new BotSigns()
                .branch(variables.fact("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"))
                .branch(variables.fact("CI_COMMIT_BRANCH"));
        return variables.is("CI_PIPELINE_SOURCE", "schedule")
                ? signs.whoeverStarted("CI_PIPELINE_SOURCE is schedule").fact()
                : signs.starter(variables.fact("GITLAB_USER_LOGIN")).fact();
    }

    private static boolean isMergeRequest(JobVariables variables) {
        return variables.isSet("CI_MERGE_REQUEST_IID") || variables.is("CI_PIPELINE_SOURCE", "merge_request_event");
    }

    /** GitLab.com's own runners are known by their names and tags; a runner that says neither is not known. */
    private static Optional<Fact<RunnerKind>> runner(JobVariables variables) {
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
    private static Optional<Fact<String>> ref(JobVariables variables) {
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

    /**
     * A job has one token from its start, so it may be as old as the job, and comes with each command of that job.
     * Pipelines of forks run in the fork. Source: docs.gitlab.com, "OpenID Connect (OIDC) Authentication Using ID
     * Tokens".
     */
    private static final class Tokens implements SignedTokens {
        private static final String ISSUER = "https://gitlab.com";

        @Override
        public List<String> usualIssuers() {
            return List.of(ISSUER);
        }

        @Override
        public boolean owns(URI issuer) {
            return ISSUER.equals(issuer.toString());
        }

        /** A server signs by its own address. */
        @Override
        public boolean mayBeAnywhere() {
            return true;
        }

        @Override
        public TokenPlace find(Map<String, String> environment, String audience) {
            String token = environment.getOrDefault("CODEX_AUTH_ID_TOKEN", "");
            return token.isBlank()
                    ? new TokenPlace.Nowhere("the job has no id_tokens entry CODEX_AUTH_ID_TOKEN with aud: " + audience)
                    : new TokenPlace.Given(token);
        }

        @Override
        public String howToGet(String audience) {
            return "id_tokens: {CODEX_AUTH_ID_TOKEN: {aud: " + audience + "}}";
        }

        @Override
        public TokenTerms terms() {
            return new TokenTerms(
                    Duration.ofHours(3), false, Map.of("job_id", "CI_JOB_ID", "pipeline_id", "CI_PIPELINE_ID"));
        }

        @Override
        public JobFacts signed(JobFacts declared, Claims claims) {
            return declared.withRepository(claims.fact("project_path"))
                    .withRepositoryId(claims.fact("project_id"))
                    .withOwnerId(claims.fact("namespace_id"))
                    .withVisibility(claims.fact("project_visibility", Names::visibility))
                    .withRunner(claims.fact("runner_environment", Names::runner))
                    .withEvent(claims.fact("pipeline_source"))
                    .withRef(ref(claims))
                    .withRefProtected(claims.fact("ref_protected", Names::yesOrNo));
        }

        /** Servers before GitLab 16.0 know no ref_path. */
        private static Optional<Fact<String>> ref(Claims claims) {
            Optional<Fact<String>> whole = claims.fact("ref_path");
            if (whole.isPresent()) {
                return whole;
            }
            String folder = claims.text("ref_type").filter("tag"::equals).isPresent() ? "refs/tags/" : "refs/heads/";
            return claims.fact("ref", name -> Optional.of(folder + name));
        }

        @Override
        public Set<String> ownChanges() {
            return Set.of("push", "schedule", "web");
        }

        @Override
        public Optional<Fact<String>> starter(Claims claims) {
            return claims.fact("user_login");
        }
    }
}
