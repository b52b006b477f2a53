package io.github.codexauth.runner.platform;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.codexauth.trust.Fact;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.Refusal;
import io.github.codexauth.trust.RunnerKind;
import io.github.codexauth.trust.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * GitHub Actions, and Forgejo Actions and Gitea Actions, which hand their jobs the same variables and event payloads.
 *
 * <p>Sources: docs.github.com, "Variables reference" and "Webhook events and payloads"; forgejo.org/docs, "Actions".
 */
final class WorkflowPlatform implements Platform {
    /** People with write access, by GitHub's {@code author_association}. */
    private static final Set<String> INSIDERS = Set.of("OWNER", "MEMBER", "COLLABORATOR");

    private final String name;
    private final Predicate<Variables> present;

    private WorkflowPlatform(String name, Predicate<Variables> present) {
        this.name = name;
        this.present = present;
    }

    static WorkflowPlatform github() {
        return new WorkflowPlatform(
                "github",
                variables -> variables.isSet("GITHUB_ACTIONS") && !isForgejo(variables) && !isGitea(variables));
    }

    static WorkflowPlatform forgejo() {
        return new WorkflowPlatform("forgejo", WorkflowPlatform::isForgejo);
    }

    static WorkflowPlatform gitea() {
        return new WorkflowPlatform("gitea", variables -> isGitea(variables) && !isForgejo(variables));
    }

    private static boolean isForgejo(Variables variables) {
        return variables.isSet("FORGEJO_ACTIONS") || variables.isSet("FORGEJO_TOKEN");
    }

    private static boolean isGitea(Variables variables) {
        return variables.isSet("GITEA_ACTIONS");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isPresent(Variables variables) {
        return present.test(variables);
    }

    @Override
    public JobFacts read(Variables variables) {
        Optional<JsonNode> payload = variables.get("GITHUB_EVENT_PATH").flatMap(EventPayload::read);
        JsonNode event = payload.orElseGet(EventPayload::none);
        return JobFacts.unknown(name, description(variables))
                .withRepository(variables.fact("GITHUB_REPOSITORY"))
                .withVisibility(visibility(event.path("repository")))
                .withOutside(outside(event))
                .withRunner(runner(variables))
                .withEvent(variables.fact("GITHUB_EVENT_NAME"))
                .withRef(variables.fact("GITHUB_REF"))
                .withObstacles(contradictions(variables, event));
    }

    private static String description(Variables variables) {
        return variables.get("GITHUB_REPOSITORY").orElse("a repository that is not known") + " run "
                + variables.get("GITHUB_RUN_ID").orElse("?")
                + variables.get("GITHUB_JOB").map(job -> " job " + job).orElse("");
    }

    private static Optional<Fact<Visibility>> visibility(JsonNode repository) {
        Optional<Fact<Visibility>> named = text(repository, "visibility")
                .flatMap(Names::visibility)
                .map(value -> Fact.declared(value, "event payload: repository.visibility"));
        JsonNode isPrivate = repository.path("private");
        if (!isPrivate.isBoolean()) {
            return named;
        }
        // The two can only disagree in a payload that somebody made up: the more open one counts.
        if (!isPrivate.booleanValue()) {
            return Optional.of(Fact.declared(Visibility.PUBLIC, "event payload: repository.private is false"));
        }
        return named.isPresent()
                ? named
                : Optional.of(Fact.declared(Visibility.PRIVATE, "event payload: repository.private is true"));
    }

    /**
     * Whether anything in the event comes from a fork, or from a person without write access.
     *
     * @return empty if the payload does not say whether the repository itself is a fork
     */
    private static Optional<Fact<Boolean>> outside(JsonNode event) {
        JsonNode fork = event.path("repository").path("fork");
        if (!fork.isBoolean()) {
            return Optional.empty();
        }
        if (fork.booleanValue()) {
            return Optional.of(Fact.declared(true, "event payload: repository.fork is true"));
        }
        Optional<String> repository = text(event.path("repository"), "full_name");
        if (event.path("pull_request").isObject()
                && !sameRepository(
                        repository, event.path("pull_request").path("head").path("repo"))) {
            return Optional.of(Fact.declared(true, "event payload: pull_request.head is in another repository"));
        }
        if (event.path("workflow_run").isObject()
                && !sameRepository(repository, event.path("workflow_run").path("head_repository"))) {
            return Optional.of(Fact.declared(true, "event payload: workflow_run.head_repository is another"));
        }
        for (String said : List.of("comment", "review", "issue", "discussion")) {
            Optional<String> association = text(event.path(said), "author_association");
            if (event.path(said).isObject()
                    && association.filter(INSIDERS::contains).isEmpty()) {
                return Optional.of(Fact.declared(
                        true, "event payload: " + said + ".author_association is " + association.orElse("missing")));
            }
        }
        return Optional.of(Fact.declared(false, "event payload: repository.fork is false, no foreign head"));
    }

    private static boolean sameRepository(Optional<String> repository, JsonNode head) {
        return repository.isPresent() && repository.equals(text(head, "full_name"));
    }

    private Optional<Fact<RunnerKind>> runner(Variables variables) {
        Optional<Fact<RunnerKind>> said = variables.fact("RUNNER_ENVIRONMENT", Names::runner);
        if (said.isPresent() || name.equals("github")) {
            return said;
        }
        // Forgejo and Gitea have no vendor who hosts runners, but Codeberg shares its own between everybody.
        Optional<String> server = variables.get("GITHUB_SERVER_URL");
        return server.map(url -> url.contains("codeberg.org")
                ? Fact.declared(RunnerKind.SHARED, "GITHUB_SERVER_URL " + url)
                : Fact.declared(RunnerKind.SELF_HOSTED, "GITHUB_SERVER_URL " + url));
    }

    private static List<Refusal> contradictions(Variables variables, JsonNode event) {
        List<Refusal> contradictions = new ArrayList<>();
        Optional<String> ofPayload = text(event.path("repository"), "full_name");
        Optional<String> ofVariable = variables.get("GITHUB_REPOSITORY");
        if (ofPayload.isPresent() && ofVariable.isPresent() && !ofPayload.get().equalsIgnoreCase(ofVariable.get())) {
            contradictions.add(new Refusal(
                    "GITHUB_REPOSITORY and the event payload name different repositories",
                    "leave both as the runner sets them"));
        }
        return contradictions;
    }

    private static Optional<String> text(JsonNode node, String field) {
        return Optional.ofNullable(node.path(field).textValue()).filter(value -> !value.isBlank());
    }
}
