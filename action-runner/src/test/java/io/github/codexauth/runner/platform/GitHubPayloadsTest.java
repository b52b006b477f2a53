package io.github.codexauth.runner.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.SignInMode;
import io.github.codexauth.runner.policy.TrustCheck;
import io.github.codexauth.standin.Npm;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.TrustDecision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every payload of {@code @octokit/webhooks-examples}, as it is and changed, through the default policy; a second
 * opinion on the raw JSON says what has to come out.
 */
class GitHubPayloadsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> HARMLESS =
            Set.of("push", "schedule", "workflow_dispatch", "merge_group", "pull_request");
    private static final String MAIN = "refs/heads/main";
    private static final CredentialRequest REQUEST =
            new CredentialRequest(SignInMode.MANAGED, List.of(new CredentialId("ci")));

    @TempDir
    private Path folder;

    private record Example(String event, ObjectNode payload) {}

    @Test
    void everyRealPayloadIsJudgedAsTheSecondOpinionSays() throws Exception {
        List<Example> examples = examples();
        assertThat(examples).hasSizeGreaterThan(300);

        int allowed = 0;
        for (Example example : examples) {
            allowed += judge(example) ? 1 : 0;
        }

        System.out.println(examples.size() + " payloads as they are: " + allowed + " allowed");
    }

    @Test
    void madePrivateTheSamePayloadsAreAllowedExactlyWhereTheEventIsHarmlessAndTheChangeTheRepositorysOwn()
            throws Exception {
        int allowed = judgeAll(repository ->
                repository.put("private", true).put("visibility", "private").put("fork", false));
        int internal = judgeAll(repository ->
                repository.put("private", true).put("visibility", "internal").put("fork", false));

        assertThat(allowed).isPositive().isEqualTo(internal);
    }

    @Test
    void publicForkedOrContradictingNothingIsAllowed() throws Exception {
        assertThat(judgeAll(repository -> repository.put("private", false).put("visibility", "public")))
                .isZero();
        assertThat(judgeAll(repository -> repository.put("private", false).put("visibility", "private")))
                .isZero();
        assertThat(judgeAll(repository -> repository.put("private", true).put("visibility", "public")))
                .isZero();
        assertThat(judgeAll(repository -> repository.put("private", true).put("fork", true)))
                .isZero();
    }

    @Test
    void withAFieldMissingNothingIsAllowed() throws Exception {
        assertThat(judgeAll(repository -> repository.remove(List.of("private", "visibility"))))
                .isZero();
        assertThat(judgeAll(repository -> repository.put("private", true).remove("fork")))
                .isZero();
        assertThat(judgeAll(repository -> repository.put("private", "true").remove("visibility")))
                .isZero();
        assertThat(judgeAll(repository -> repository.removeAll())).isZero();
    }

    @Test
    void aPullRequestFromAForkIsRefusedAlsoWhenBothArePrivate() throws Exception {
        for (Example example : examples()) {
            if (example.event().equals("pull_request")) {
                privateRepository(example.payload());
                ((ObjectNode) example.payload().path("pull_request").path("head"))
                        .putObject("repo")
                        .put("full_name", "mallory/app");
                assertThat(judge(example)).isFalse();
                ((ObjectNode) example.payload().path("pull_request").path("head")).putNull("repo");
                assertThat(judge(example)).as("a deleted fork").isFalse();
            }
        }
    }

    @Test
    void aPayloadThatCannotBeReadOrIsAnotherRepositorysIsRefused() throws Exception {
        ObjectNode payload = JSON.createObjectNode();
        payload.putObject("repository")
                .put("full_name", "acme/app")
                .put("private", true)
                .put("fork", false);
        Path file = folder.resolve("event.json");
        Files.write(file, JSON.writeValueAsBytes(payload));

        assertThat(decision("push", "acme/app", file.toString())).isInstanceOf(TrustDecision.Trusted.class);
        assertThat(decision("push", "acme/other", file.toString())).isInstanceOf(TrustDecision.Refused.class);
        assertThat(decision("push", "acme/app", "/does/not/exist")).isInstanceOf(TrustDecision.Refused.class);
        Files.writeString(file, "{\"repository\":{\"private\":true,\"private\":true,\"fork\":false}}");
        assertThat(decision("push", "acme/app", file.toString())).isInstanceOf(TrustDecision.Refused.class);
        Files.writeString(file, "{\"repository\":{\"private\":true,\"fork\":false}} {\"repository\":{}}");
        assertThat(decision("push", "acme/app", file.toString())).isInstanceOf(TrustDecision.Refused.class);
        Files.writeString(file, "{");
        assertThat(decision("push", "acme/app", file.toString())).isInstanceOf(TrustDecision.Refused.class);
    }

    @Test
    void anEventThatIsNotWhatItsNameSaysIsRefused() throws Exception {
        Path file = folder.resolve("event.json");
        for (Example example : examples()) {
            boolean pull = example.payload().path("pull_request").isObject();
            if (pull) {
                privateRepository(example.payload());
                Files.write(file, JSON.writeValueAsBytes(example.payload()));
                String repository =
                        example.payload().at("/repository/full_name").asText();
                assertThat(decision("push", repository, file.toString()))
                        .as("%s called push", example.event())
                        .isInstanceOf(TrustDecision.Refused.class);
            }
        }
        ObjectNode push = JSON.createObjectNode().put("ref", "refs/heads/other");
        push.putObject("repository")
                .put("full_name", "acme/app")
                .put("private", true)
                .put("fork", false);
        Files.write(file, JSON.writeValueAsBytes(push));
        assertThat(decision("push", "acme/app", file.toString()))
                .as("GITHUB_REF is another ref than was pushed")
                .isInstanceOf(TrustDecision.Refused.class);
        assertThat(decision("pull_request", "acme/app", file.toString()))
                .as("a pull request without one")
                .isInstanceOf(TrustDecision.Refused.class);
    }

    @Test
    void aPullRequestOfABotIsRefusedByItsAuthorItsSenderOrItsActorUntilThePolicyNamesTheBot() throws Exception {
        Path usual = policy("version: 1\njob-may-write-policy: true\nallow: [{platform: github}]\n");
        int pulls = 0;
        for (Example example : examples()) {
            if (!example.event().equals("pull_request")) {
                continue;
            }
            pulls++;
            privateRepository(example.payload());
            String repository = example.payload().at("/repository/full_name").asText();
            ((ObjectNode) example.payload().path("pull_request").path("head"))
                    .put("ref", "changes")
                    .putObject("repo")
                    .put("full_name", repository);
            person(example, "/pull_request/user");
            person(example, "/sender");
            assertThat(pullRequest(example, "octocat", usual)).isInstanceOf(TrustDecision.Trusted.class);
            assertThat(pullRequest(example, "dependabot[bot]", usual)).isInstanceOf(TrustDecision.Refused.class);

            ((ObjectNode) example.payload().at("/pull_request/user"))
                    .put("login", "dependabot[bot]")
                    .put("type", "Bot");
            assertRefusedForTheBot(pullRequest(example, "octocat", usual), "dependabot[bot]");

            person(example, "/pull_request/user");
            ((ObjectNode) example.payload().path("sender"))
                    .put("login", "Copilot")
                    .put("type", "Bot");
            assertRefusedForTheBot(pullRequest(example, "octocat", usual), "Copilot");

            ((ObjectNode) example.payload().path("pull_request")).remove("user");
            assertThat(pullRequest(example, "octocat", usual))
                    .as("an author who is not known")
                    .isInstanceOf(TrustDecision.Refused.class);
        }
        assertThat(pulls).isGreaterThan(5);
    }

    @Test
    void aPolicyThatNamesTheBotLetsItsPullRequestsIn() throws Exception {
        Path named = policy(
                "version: 1\njob-may-write-policy: true\nallow: [{platform: github, bots: [dependabot, renovate]}]\n");
        Path any = policy("version: 1\njob-may-write-policy: true\nallow: [{platform: github, bots: true}]\n");
        Example pull = examples().stream()
                .filter(example -> example.event().equals("pull_request"))
                .findFirst()
                .orElseThrow();
        privateRepository(pull.payload());
        ((ObjectNode) pull.payload().path("pull_request").path("head"))
                .putObject("repo")
                .put("full_name", pull.payload().at("/repository/full_name").asText());
        ObjectNode author = (ObjectNode) pull.payload().at("/pull_request/user");

        author.put("login", "dependabot[bot]").put("type", "Bot");
        assertThat(pullRequest(pull, "dependabot[bot]", named)).isInstanceOf(TrustDecision.Trusted.class);
        assertThat(pullRequest(pull, "mallory-app[bot]", named)).isInstanceOf(TrustDecision.Refused.class);
        assertThat(pullRequest(pull, "mallory-app[bot]", any)).isInstanceOf(TrustDecision.Trusted.class);
    }

    @Test
    void aCommentOnAForksPullRequestIsRefusedAlsoWithEveryEventAllowed() throws Exception {
        Path everyEvent =
                policy("version: 1\njob-may-write-policy: true\nallow: [{platform: github, events: [any]}]\n");
        Path forksToo = policy(
                "version: 1\njob-may-write-policy: true\nallow: [{platform: github, events: [any], forks: true}]\n");
        int comments = 0;
        for (Example example : examples()) {
            JsonNode issue = example.payload().path("issue");
            boolean onIssue = example.event().equals("issue_comment");
            boolean onPull = example.event().startsWith("pull_request_review");
            if (!onIssue && !onPull) {
                continue;
            }
            comments++;
            privateRepository(example.payload());
            for (String said : List.of("comment", "review", "issue")) {
                if (example.payload().path(said) instanceof ObjectNode text) {
                    text.put("author_association", "MEMBER");
                }
            }
            person(example, "/sender");
            if (onIssue) {
                // GitHub's own mark of an issue that is a pull request; it does not say whose.
                ((ObjectNode) issue)
                        .putObject("pull_request")
                        .put("url", "https://api.github.com/repos/acme/app/pulls/2");
                person(example, "/issue/user");
            } else {
                person(example, "/pull_request/user");
                ((ObjectNode) example.payload().path("pull_request").path("head"))
                        .putObject("repo")
                        .put("full_name", "mallory/app");
            }

            assertThat(pullRequest(example, "octocat", everyEvent))
                    .as(example.event())
                    .isInstanceOf(TrustDecision.Refused.class);
            assertThat(pullRequest(example, "octocat", forksToo))
                    .as(example.event())
                    .isInstanceOf(TrustDecision.Trusted.class);
        }
        assertThat(comments).isGreaterThan(4);
    }

    private TrustDecision pullRequest(Example example, String actor, Path machinePolicy) throws Exception {
        Path file = folder.resolve("event.json");
        Files.write(file, JSON.writeValueAsBytes(example.payload()));
        String repository = example.payload().at("/repository/full_name").asText();
        return judge(example.event(), repository, "refs/pull/2/merge", file.toString(), actor, machinePolicy);
    }

    private static void person(Example example, String pointer) {
        ((ObjectNode) example.payload().at(pointer)).put("login", "octocat").put("type", "User");
    }

    private static void assertRefusedForTheBot(TrustDecision decision, String bot) {
        assertThat(decision)
                .isInstanceOfSatisfying(
                        TrustDecision.Refused.class,
                        refused -> assertThat(refused.reasons())
                                .singleElement()
                                .satisfies(only ->
                                        assertThat(only.found()).contains("bots that the change comes from", bot)));
    }

    private Path policy(String yaml) throws IOException {
        Path file = Files.createTempFile(folder, "policy", ".yaml");
        return Files.writeString(file, yaml);
    }

    private int judgeAll(Consumer<ObjectNode> change) throws Exception {
        int allowed = 0;
        for (Example example : examples()) {
            if (example.payload().path("repository") instanceof ObjectNode repository) {
                change.accept(repository);
                allowed += judge(example) ? 1 : 0;
            }
        }
        return allowed;
    }

    /** Judges, holds the verdict against the second opinion, and answers whether it allows. */
    private boolean judge(Example example) throws Exception {
        Path file = folder.resolve("event.json");
        Files.write(file, JSON.writeValueAsBytes(example.payload()));
        String repository =
                example.payload().path("repository").path("full_name").asText("octo-org/unknown");
        String ref = example.payload().path("ref").asText("");
        boolean trusted = decision(example.event(), repository, ref.startsWith("refs/") ? ref : MAIN, file.toString())
                instanceof TrustDecision.Trusted;
        assertThat(trusted)
                .as("%s %s in %s", example.event(), example.payload().path("action"), repository)
                .isEqualTo(secondOpinion(example));
        return trusted;
    }

    private static boolean secondOpinion(Example example) {
        JsonNode repository = example.payload().path("repository");
        boolean own = example.payload().path("pull_request").isMissingNode()
                || example.payload()
                        .at("/pull_request/head/repo/full_name")
                        .asText("-")
                        .equals(repository.path("full_name").asText());
        return HARMLESS.contains(example.event())
                && !isBot(example.payload().at("/pull_request/user"))
                && !isBot(example.payload().path("sender"))
                && repository.path("private").equals(JSON.getNodeFactory().booleanNode(true))
                && !repository.path("visibility").asText().equals("public")
                && repository.path("fork").equals(JSON.getNodeFactory().booleanNode(false))
                && own;
    }

    private static boolean isBot(JsonNode user) {
        return user.path("type").asText().equals("Bot")
                || user.path("login").asText().endsWith("[bot]");
    }

    private TrustDecision decision(String event, String repository, String payload) throws CodexAuthException {
        return decision(event, repository, MAIN, payload);
    }

    private TrustDecision decision(String event, String repository, String ref, String payload)
            throws CodexAuthException {
        return judge(event, repository, ref, payload, "octocat", folder.resolve("no-policy.yaml"));
    }

    private TrustDecision judge(
            String event, String repository, String ref, String payload, String actor, Path machinePolicy)
            throws CodexAuthException {
        Map<String, String> environment = Map.of(
                "GITHUB_ACTIONS",
                "true",
                "GITHUB_EVENT_NAME",
                event,
                "GITHUB_ACTOR",
                actor,
                "GITHUB_REPOSITORY",
                repository,
                "GITHUB_REF",
                ref,
                "GITHUB_EVENT_PATH",
                payload,
                "RUNNER_ENVIRONMENT",
                "self-hosted");
        return TrustCheck.gather(environment, Clock.systemUTC(), machinePolicy, Optional.empty())
                .judge(REQUEST)
                .decision();
    }

    private static void privateRepository(ObjectNode payload) {
        ((ObjectNode) payload.path("repository"))
                .put("private", true)
                .put("visibility", "private")
                .put("fork", false);
    }

    private static List<Example> examples() throws IOException {
        Path packages = Npm.install("action-runner/src/test/npm", "payloads");
        List<Example> examples = new ArrayList<>();
        try (var servers = Files.list(packages.resolve("node_modules/@octokit/webhooks-examples"))) {
            for (Path server : servers.filter(Files::isDirectory).sorted().toList()) {
                for (JsonNode kind : JSON.readTree(Files.readAllBytes(server.resolve("index.json")))) {
                    for (JsonNode payload : kind.path("examples")) {
                        examples.add(new Example(kind.path("name").asText(), (ObjectNode) payload));
                    }
                }
            }
        }
        return examples;
    }
}
