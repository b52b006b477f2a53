package io.github.codexauth.runner.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.codexauth.SignInMode;
import io.github.codexauth.trust.Bots;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.Evidence;
import io.github.codexauth.trust.Fact;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.Refusal;
import io.github.codexauth.trust.RunnerKind;
import io.github.codexauth.trust.TrustDecision;
import io.github.codexauth.trust.TrustPolicy;
import io.github.codexauth.trust.TrustRule;
import io.github.codexauth.trust.Visibility;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PlatformsTest {
    private static final Map<String, String> GITLAB = Map.of(
            "GITLAB_CI", "true",
            "CI_PROJECT_PATH", "acme/app",
            "CI_PROJECT_ID", "7",
            "CI_PROJECT_VISIBILITY", "private",
            "CI_PIPELINE_SOURCE", "push",
            "CI_COMMIT_BRANCH", "main",
            "CI_RUNNER_DESCRIPTION", "build-07",
            "CI_JOB_ID", "4711");

    static Stream<Arguments> systems() {
        return Stream.of(
                arguments("none", Map.of()),
                arguments("github", Map.of("GITHUB_ACTIONS", "true")),
                arguments(
                        "forgejo",
                        Map.of("GITHUB_ACTIONS", "true", "FORGEJO_ACTIONS", "true", "GITEA_ACTIONS", "true")),
                arguments("gitea", Map.of("GITHUB_ACTIONS", "true", "GITEA_ACTIONS", "true")),
                arguments("gitlab", Map.of("GITLAB_CI", "true")),
                arguments("buildkite", Map.of("BUILDKITE", "true")),
                arguments("azure", Map.of("TF_BUILD", "True")),
                arguments("circleci", Map.of("CIRCLECI", "true")),
                arguments("bitbucket", Map.of("BITBUCKET_BUILD_NUMBER", "1")),
                arguments("jenkins", Map.of("JENKINS_URL", "http://jenkins")));
    }

    @ParameterizedTest
    @MethodSource("systems")
    void eachSystemIsRecognizedAndSaysNothingItWasNotTold(String name, Map<String, String> environment) {
        JobFacts facts = Platforms.read(environment);

        assertThat(facts.platform()).isEqualTo(name);
        assertThat(facts.visibility()).isEmpty();
        assertThat(facts.runner()).isEmpty();
        assertThat(facts.event()).isEmpty();
        assertThat(facts.obstacles()).isEmpty();
    }

    static Stream<String> marksOfUnknownSystems() {
        return Stream.of(
                "CI",
                "CONTINUOUS_INTEGRATION",
                "APPVEYOR",
                "BITBUCKET_COMMIT",
                "BITRISE_IO",
                "BUILDKITE_BUILD_ID",
                "BUILD_NUMBER",
                "BUILD_SOURCEBRANCH",
                "CIRCLE_BRANCH",
                "CIRRUS_CI",
                "CI_JOB_TOKEN",
                "CI_PIPELINE_ID",
                "CODEBUILD_BUILD_ARN",
                "DRONE",
                "GITHUB_SHA",
                "GITHUB_REPOSITORY",
                "GITHUB_RUN_ID",
                "GITHUB_EVENT_PATH",
                "GITLAB_USER_LOGIN",
                "GO_PIPELINE_NAME",
                "HUDSON_URL",
                "JENKINS_NODE_COOKIE",
                "NETLIFY",
                "PROW_JOB_ID",
                "RUNNER_TEMP",
                "SEMAPHORE",
                "SYSTEM_TEAMPROJECT",
                "TEAMCITY_VERSION",
                "TRAVIS",
                "VERCEL",
                "WOODPECKER",
                "bamboo_planKey");
    }

    @ParameterizedTest
    @MethodSource("marksOfUnknownSystems")
    void anyMarkOfACiSystemIsNoCommandOfAPersonWhateverItsValue(String mark) {
        for (String value : List.of("true", "false", "0", "", " ", "x".repeat(5_000))) {
            JobFacts facts = Platforms.read(Map.of(mark, value));

            assertThat(facts.platform()).isEqualTo(JobFacts.UNKNOWN_CI);
            assertThat(facts.description()).isEqualTo("a job of a CI system that is not known: " + mark);
        }
    }

    @ParameterizedTest
    @MethodSource("systems")
    void aSystemThatIsKnownStaysItselfWithItsMarkEmptiedOrMadeTooLong(String name, Map<String, String> environment) {
        for (String value : List.of("", " ", "x".repeat(5_000))) {
            Map<String, String> changed = new HashMap<>(environment);
            changed.replaceAll((mark, ignored) -> value);

            assertThat(Platforms.read(changed).platform()).isEqualTo(name);
        }
    }

    @Test
    void theRefusalNamesWhatShowsTheUnknownSystemAndNoRuleCanAllowIt() {
        TrustPolicy everything = new TrustPolicy(
                "test",
                Optional.empty(),
                Platforms.names().stream()
                        .map(name -> TrustRule.withoutConditions(name, Evidence.DECLARED))
                        .toList(),
                Map.of(),
                false);
        JobFacts drone = Platforms.read(Map.of("CI", "drone", "DRONE", "true"));

        assertThat(everything.judge(drone, new CredentialRequest(SignInMode.MANAGED, List.of())))
                .isInstanceOfSatisfying(
                        TrustDecision.Refused.class,
                        refused -> assertThat(refused.reasons())
                                .extracting(Refusal::found)
                                .containsExactly("this is a job of a CI system that is not known: CI, DRONE"));
        assertThat(Platforms.names()).doesNotContain(JobFacts.UNKNOWN_CI);
    }

    @Test
    void whatPeopleHaveInTheirOwnShellsIsNoMarkOfACiSystem() {
        Map<String, String> shell = new HashMap<>();
        for (String name : List.of(
                "GITHUB_TOKEN",
                "GITHUB_USER",
                "GITHUB_USERNAME",
                "GITHUB_PAT",
                "GITHUB_HOST",
                "GITHUB_API_TOKEN",
                "GITHUB_PERSONAL_ACCESS_TOKEN",
                "GITHUB_ENTERPRISE_TOKEN",
                "GITHUB_CLIENT_SECRET",
                "GITLAB_TOKEN",
                "GITLAB_PRIVATE_TOKEN",
                "GITLAB_HOST",
                "BITBUCKET_USERNAME",
                "BUILDKITE_API_TOKEN",
                "CIRCLECI_CLI_TOKEN",
                "DRONE_SERVER",
                "DRONE_TOKEN",
                "JENKINS_HOME",
                "JENKINS_USER_ID",
                "JENKINS_API_TOKEN",
                "TRAVIS_TOKEN",
                "VERCEL_TOKEN",
                "NETLIFY_AUTH_TOKEN",
                "WOODPECKER_SERVER",
                "SYSTEM_VERSION_COMPAT",
                "GH_TOKEN",
                "CIVIL",
                "HOME",
                "PATH",
                "SSH_CONNECTION",
                "INVOCATION_ID")) {
            shell.put(name, "x");
        }

        assertThat(Platforms.read(shell).platform()).isEqualTo("none");
    }

    @Test
    void aBotShowsByItsAccountOrByItsBranch() {
        assertThat(gitlab("GITLAB_USER_LOGIN", "octo").bots().map(Fact::value)).contains(Bots.NONE);
        assertThat(Platforms.read(GITLAB).bots()).as("nobody named").isEmpty();
        for (String account : List.of("project_7_bot", "group_7_bot_0a1b", "service_account_x", "renovate-bot")) {
            assertThat(gitlab("GITLAB_USER_LOGIN", account).bots().map(Fact::value))
                    .contains(new Bots(List.of(account)));
        }
        assertThat(gitlab("CI_COMMIT_BRANCH", "renovate/jackson-2.x").bots().map(Fact::value))
                .contains(new Bots(List.of("renovate")));
        assertThat(gitlab("CI_PIPELINE_SOURCE", "schedule").bots().map(Fact::value))
                .contains(Bots.NONE);
        assertThat(Platforms.read(Map.of("JENKINS_URL", "http://j", "CHANGE_AUTHOR", "dependabot[bot]"))
                        .bots()
                        .map(Fact::value))
                .contains(new Bots(List.of("dependabot[bot]")));
        assertThat(Platforms.read(Map.of("BITBUCKET_BUILD_NUMBER", "1", "BITBUCKET_BRANCH", "main"))
                        .bots())
                .as("Bitbucket names nobody")
                .isEmpty();
    }

    @Test
    void githubsOwnBotsStartJobsOfTheRepositoryAndItsSchedulesBelongToNobody() {
        Map<String, String> job = new HashMap<>(Map.of("GITHUB_ACTIONS", "true", "GITHUB_EVENT_NAME", "push"));
        job.put("GITHUB_ACTOR", "github-merge-queue[bot]");
        assertThat(Platforms.read(job).bots().map(Fact::value)).contains(Bots.NONE);
        job.put("GITHUB_ACTOR", "octocat");
        job.put("GITHUB_TRIGGERING_ACTOR", "renovate[bot]");
        assertThat(Platforms.read(job).bots().map(Fact::value)).contains(new Bots(List.of("renovate[bot]")));
        job.put("GITHUB_EVENT_NAME", "schedule");
        assertThat(Platforms.read(job).bots().map(Fact::value)).contains(Bots.NONE);
        assertThat(Platforms.read(Map.of("GITHUB_ACTIONS", "true", "GITHUB_EVENT_NAME", "push"))
                        .bots())
                .as("nobody named")
                .isEmpty();
    }

    @Test
    void aHostIsTheSameHostWithADotAtItsEndOrInCapitals() {
        for (String url : List.of("https://codeberg.org.", "https://Codeberg.ORG./", "https://codeberg.org.:443/x")) {
            assertThat(Platforms.read(Map.of("FORGEJO_ACTIONS", "true", "GITHUB_SERVER_URL", url))
                            .runner()
                            .map(Fact::value))
                    .as(url)
                    .contains(RunnerKind.SHARED);
        }
        assertThat(Platforms.read(Map.of("GITEA_ACTIONS", "true", "GITHUB_SERVER_URL", "https://github.com."))
                        .obstacles())
                .extracting(Refusal::found)
                .anySatisfy(found -> assertThat(found).contains("several CI systems at once"));
        assertThat(RepositoryAddress.of("https://Host./acme/app"))
                .isEqualTo(RepositoryAddress.of("git@host:acme/app.git"));
        assertThat(RepositoryAddress.of("https://host/acme/\u212aiss"))
                .isNotEqualTo(RepositoryAddress.of("https://host/acme/kiss"));
    }

    @Test
    void twoSystemsAtOnceAreAnObstacle() {
        Map<String, String> both = new HashMap<>(GITLAB);
        both.put("GITHUB_ACTIONS", "true");

        assertThat(Platforms.read(both).obstacles())
                .extracting(Refusal::found)
                .containsExactly("several CI systems at once: github, gitlab");
    }

    @Test
    void aSecondCredentialIsFoundEverywhere() {
        assertThat(Platforms.read(Map.of("CODEX_API_KEY", "sk", "CODEX_ACCESS_TOKEN", " "))
                        .otherCredentials())
                .containsExactly("CODEX_API_KEY");
    }

    @Test
    void gitlabsOwnBranchOnAnOwnRunner() {
        JobFacts facts = Platforms.read(GITLAB);

        assertThat(facts.repository().map(Fact::value)).contains("acme/app");
        assertThat(facts.visibility().map(Fact::value)).contains(Visibility.PRIVATE);
        assertThat(facts.outside().map(Fact::value)).contains(false);
        assertThat(facts.runner().map(Fact::value)).contains(RunnerKind.SELF_HOSTED);
        assertThat(facts.event().map(Fact::value)).contains("push");
        assertThat(facts.ref().map(Fact::value)).contains("refs/heads/main");
        assertThat(facts.description()).isEqualTo("acme/app job 4711");
    }

    @Test
    void gitlabsForksAndVendorsRunners() {
        assertThat(gitlab("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "8").outside().map(Fact::value))
                .contains(true);
        assertThat(gitlab("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "7").outside().map(Fact::value))
                .contains(false);
        assertThat(gitlab("CI_MERGE_REQUEST_IID", "1").outside())
                .as("a merge request without source")
                .isEmpty();
        assertThat(gitlab("CI_PIPELINE_SOURCE", "merge_request_event").outside())
                .as("a merge request's pipeline without its merge request")
                .isEmpty();
        assertThat(gitlab("CI_RUNNER_TAGS", "[\"saas-linux-small-amd64\"]")
                        .runner()
                        .map(Fact::value))
                .contains(RunnerKind.VENDOR_HOSTED);
        assertThat(gitlab("CI_RUNNER_DESCRIPTION", "1-blue.saas-linux-small-amd64.runners-manager.gitlab.com/default")
                        .runner()
                        .map(Fact::value))
                .contains(RunnerKind.VENDOR_HOSTED);
    }

    @Test
    void aGitlabMergeRequestDoesNotPassForABranchOfItsName() {
        Map<String, String> mergeRequest = new HashMap<>(GITLAB);
        mergeRequest.remove("CI_COMMIT_BRANCH");
        mergeRequest.put("CI_PIPELINE_SOURCE", "merge_request_event");
        mergeRequest.put("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "main");
        mergeRequest.put("CI_MERGE_REQUEST_REF_PATH", "refs/merge-requests/1/head");

        assertThat(Platforms.read(mergeRequest).ref().map(Fact::value)).contains("refs/merge-requests/1/head");
    }

    @Test
    void gitlabSaysWhetherTheRefIsProtected() {
        assertThat(gitlab("CI_COMMIT_REF_PROTECTED", "true").refProtected().map(Fact::value))
                .contains(true);
        assertThat(gitlab("CI_COMMIT_REF_PROTECTED", "false").refProtected().map(Fact::value))
                .contains(false);
        assertThat(Platforms.read(GITLAB).refProtected()).isEmpty();
    }

    @Test
    void buildkitesForksAndHostedAgents() {
        Map<String, String> build = Map.of(
                "BUILDKITE", "true",
                "BUILDKITE_REPO", "git@host:acme/app",
                "BUILDKITE_PULL_REQUEST", "12",
                "BUILDKITE_PULL_REQUEST_REPO", "git@host:mallory/app",
                "BUILDKITE_COMPUTE_TYPE", "hosted",
                "BUILDKITE_SOURCE", "webhook");

        JobFacts facts = Platforms.read(build);

        assertThat(facts.outside().map(Fact::value)).contains(true);
        assertThat(facts.runner().map(Fact::value)).contains(RunnerKind.VENDOR_HOSTED);
        assertThat(facts.event().map(Fact::value)).contains("webhook");
        assertThat(facts.repository().map(Fact::value)).contains("acme/app");
        assertThat(facts.ref().map(Fact::value)).contains("refs/pull/12/head");
    }

    @Test
    void oneBuildkiteRepositoryWrittenInTwoWaysIsNoFork() {
        Map<String, String> build = Map.of(
                "BUILDKITE", "true",
                "BUILDKITE_REPO", "git@host:acme/app.git",
                "BUILDKITE_PULL_REQUEST", "12",
                "BUILDKITE_PULL_REQUEST_REPO", "https://host/acme/app");

        assertThat(Platforms.read(build).outside().map(Fact::value)).contains(false);
    }

    @Test
    void aPasswordInARepositorysAddressIsNotShown() {
        Map<String, String> build =
                Map.of("BUILDKITE", "true", "BUILDKITE_REPO", "https://user:hunter2@host:8443/acme/app.git");

        assertThat(Platforms.read(build).repository().map(Fact::toString)).contains("acme/app (BUILDKITE_REPO)");
    }

    @Test
    void azuresForksAndHostedAgents() {
        JobFacts facts = Platforms.read(Map.of(
                "TF_BUILD", "True",
                "BUILD_REASON", "PullRequest",
                "SYSTEM_PULLREQUEST_ISFORK", "True",
                "AGENT_ISSELFHOSTED", "0"));

        assertThat(facts.outside().map(Fact::value)).contains(true);
        assertThat(facts.runner().map(Fact::value)).contains(RunnerKind.VENDOR_HOSTED);
    }

    @Test
    void circlesForks() {
        Map<String, String> own =
                Map.of("CIRCLECI", "true", "CIRCLE_PROJECT_USERNAME", "acme", "CIRCLE_PROJECT_REPONAME", "app");
        Map<String, String> fork = new HashMap<>(own);
        fork.put("CIRCLE_PR_NUMBER", "3");

        assertThat(Platforms.read(own).outside().map(Fact::value)).contains(false);
        assertThat(Platforms.read(fork).outside().map(Fact::value)).contains(true);
    }

    @Test
    void bitbucketsVisibility() {
        assertThat(Platforms.read(Map.of("BITBUCKET_BUILD_NUMBER", "1", "BITBUCKET_REPO_IS_PRIVATE", "true"))
                        .visibility()
                        .map(Fact::value))
                .contains(Visibility.PRIVATE);
    }

    @Test
    void jenkinsForksAndItsBuiltInNode() {
        JobFacts facts = Platforms.read(Map.of(
                "JENKINS_URL",
                "http://j",
                "JOB_NAME",
                "deploy/main",
                "CHANGE_FORK",
                "mallory",
                "NODE_NAME",
                "built-in"));

        assertThat(facts.outside().map(Fact::value)).contains(true);
        assertThat(facts.obstacles())
                .extracting(Refusal::found)
                .first()
                .asString()
                .contains("built-in node");
    }

    @Test
    void onlyAMultibranchJobOfJenkinsSaysThatItIsNoFork() {
        Map<String, String> job = Map.of("JENKINS_URL", "http://j", "JOB_NAME", "nightly");
        Map<String, String> multibranch = new HashMap<>(job);
        multibranch.put("BRANCH_NAME", "main");

        assertThat(Platforms.read(job).outside()).isEmpty();
        assertThat(Platforms.read(multibranch).outside().map(Fact::value)).contains(false);
    }

    @Test
    void aGithubJobThatPassesForForgejosIsRefused() {
        Map<String, String> forged =
                Map.of("GITHUB_ACTIONS", "true", "FORGEJO_ACTIONS", "true", "GITHUB_SERVER_URL", "https://github.com");

        assertThat(Platforms.read(forged).obstacles())
                .extracting(Refusal::found)
                .anySatisfy(found -> assertThat(found).contains("several CI systems at once"));
    }

    @Test
    void codebergsRunnersAreShared() {
        Map<String, String> forgejo = Map.of("FORGEJO_ACTIONS", "true", "GITHUB_SERVER_URL", "https://codeberg.org");

        assertThat(Platforms.read(forgejo).runner().map(Fact::value)).contains(RunnerKind.SHARED);
    }

    private static JobFacts gitlab(String variable, String value) {
        Map<String, String> environment = new HashMap<>(GITLAB);
        environment.put(variable, value);
        return Platforms.read(environment);
    }

    @ParameterizedTest(name = "{0} signs for {1}")
    @CsvSource({
        "https://token.actions.githubusercontent.com, github",
        "https://token.actions.acme.ghe.com, github",
        "https://ghe.example.com/_services/token, github",
        "https://gitlab.com, gitlab",
        "https://gitlab.example.com, gitlab",
        "https://nobody.knows.example, gitlab"
    })
    void anIssuerSignsForOneSystemAlone(URI issuer, String system) {
        assertThat(Platforms.names().stream().filter(name -> Platforms.signsFor(name, issuer)))
                .containsExactly(system);
    }

    @Test
    void onlySystemsWhoseTokensAreUnderstoodHaveSome() {
        assertThat(Platforms.names().stream()
                        .filter(name -> Platforms.tokens(name).isPresent()))
                .containsExactlyInAnyOrder("github", "gitlab");
    }
}
