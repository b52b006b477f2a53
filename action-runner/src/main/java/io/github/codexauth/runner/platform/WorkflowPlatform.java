package io.github.codexauth.runner.platform;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.codexauth.trust.AsciiCase;
import io.github.codexauth.trust.Bots;
import io.github.codexauth.trust.Fact;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.Refusal;
import io.github.codexauth.trust.RunnerKind;
import io.github.codexauth.trust.Visibility;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * GitHub Actions, and Forgejo Actions and Gitea Actions, which hand their jobs the same variables and event payloads.
 *
 * <p>Sources: docs.github.com, "JobVariables reference" and "Webhook events and payloads"; forgejo.org/docs, "Actions".
 */
final class WorkflowPlatform implements Platform {
    /** Events that only people with write access can cause, and what their payloads therefore never hold. */
    private static final Set<String> OWN_EVENTS = Set.of(
            "push",
            "schedule",
            "workflow_dispatch",
            "merge_group",
            "repository_dispatch",
            "release",
            "create",
            "delete");

    /** What an event that strangers can cause has to tell about itself before anything can be said of its origin. */
    private static final Map<String, String> SUBJECTS = Map.of(
            "pull_request", "pull_request",
            "pull_request_target", "pull_request",
            "pull_request_review", "pull_request",
            "pull_request_review_comment", "pull_request",
            "workflow_run", "workflow_run",
            "issue_comment", "comment",
            "issues", "issue",
            "discussion", "discussion",
            "discussion_comment", "comment");

    private static final List<String> SAID = List.of("comment", "review", "issue", "discussion");

    /** Who wrote what the job runs. An issue that is a pull request has its author in {@code issue.user}. */
    private static final List<String> AUTHORS = List.of("/pull_request/user", "/issue/user");

    /** Who let the job start. */
    private static final List<String> STARTERS =
            List.of("/sender", "/workflow_run/actor", "/workflow_run/triggering_actor");

    /** People with write access, by GitHub's {@code author_association}. */
    private static final Set<String> INSIDERS = Set.of("OWNER", "MEMBER", "COLLABORATOR");

    /** Public servers on which everybody's jobs share the runners. */
    private static final Set<String> SHARING = Set.of("codeberg.org", "gitea.com");

    private static final String GITHUB = "github";
    private static final String FORGEJO = "forgejo";
    private static final String GITEA = "gitea";

    private static final String LEAVE = "leave the variables and the event's file as the runner makes them";

    private final String name;

    private WorkflowPlatform(String name) {
        this.name = name;
    }

    static WorkflowPlatform github() {
        return new WorkflowPlatform(GITHUB);
    }

    static WorkflowPlatform forgejo() {
        return new WorkflowPlatform(FORGEJO);
    }

    static WorkflowPlatform gitea() {
        return new WorkflowPlatform(GITEA);
    }

    private static boolean isForgejo(JobVariables variables) {
        return variables.has("FORGEJO_ACTIONS");
    }

    private static boolean isGitea(JobVariables variables) {
        return variables.has("GITEA_ACTIONS");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isPresent(JobVariables variables) {
        return switch (name) {
            case FORGEJO -> isForgejo(variables);
            case GITEA -> isGitea(variables) && !isForgejo(variables);
            default -> variables.has("GITHUB_ACTIONS") && !isForgejo(variables) && !isGitea(variables);
        };
    }

    @Override
    public List<String> harmlessEvents() {
        return List.of("push", "schedule", "workflow_dispatch", "merge_group", "pull_request");
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
    public boolean understandsWorkflowCommands() {
        return true;
    }

    /** Forgejo and Gitea give their jobs none that is understood here. */
    @Override
    public Optional<SignedTokens> tokens() {
        return name.equals(GITHUB) ? Optional.of(new GitHubTokens()) : Optional.empty();
    }

    @Override
    public JobFacts read(JobVariables variables) {
        Optional<JsonNode> payload = variables.get("GITHUB_EVENT_PATH").flatMap(EventPayload::read);
        JsonNode event = payload.orElseGet(EventPayload::none);
        return JobFacts.unknown(name, description(variables))
                .withRepository(variables.fact("GITHUB_REPOSITORY"))
                .withRepositoryId(variables
                        .fact("GITHUB_REPOSITORY_ID")
                        .or(() -> id(event.path("repository")).map(id -> fact(id, "/repository/id"))))
                .withOwnerId(variables
                        .fact("GITHUB_REPOSITORY_OWNER_ID")
                        .or(() -> id(event.at("/repository/owner")).map(id -> fact(id, "/repository/owner/id"))))
                .withVisibility(visibility(event.path("repository")))
                .withOutside(outside(variables, event))
                .withBots(bots(variables, event))
                .withRunner(runner(variables))
                .withEvent(variables.fact("GITHUB_EVENT_NAME"))
                .withRef(variables.fact("GITHUB_REF"))
                .withRefProtected(variables.fact("GITHUB_REF_PROTECTED", Names::yesOrNo))
                .withObstacles(contradictions(variables, event));
    }

    private static String description(JobVariables variables) {
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
     * @return empty if the payload does not say whether the repository itself is a fork, if it lacks the subject of its
     *     event, if it is about a pull request and does not say from where, or if we do not know who can cause such an
     *     event
     */
    private static Optional<Fact<Boolean>> outside(JobVariables variables, JsonNode event) {
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
        for (String said : SAID) {
            Optional<String> association = text(event.path(said), "author_association");
            if (event.path(said).isObject()
                    && association.filter(INSIDERS::contains).isEmpty()) {
                return Optional.of(Fact.declared(
                        true, "event payload: " + said + ".author_association is " + association.orElse("missing")));
            }
        }
        // A comment on a pull request says of it that it is one, and not whose branch it is.
        if (event.at("/issue/pull_request").isObject()
                && !event.path("pull_request").isObject()) {
            return Optional.empty();
        }
        String name = variables.get("GITHUB_EVENT_NAME").orElse("");
        String subject = SUBJECTS.get(name);
        boolean understood = subject == null
                ? OWN_EVENTS.contains(name)
                : event.path(subject).isObject();
        return understood
                ? Optional.of(Fact.declared(false, "event payload: repository.fork is false, no foreign head"))
                : Optional.empty();
    }

    /**
     * The bots among those who made the change and those who started the job. GitHub itself gives Dependabot's jobs no
     * secrets.
     *
     * <p>A change that a person merged is that person's, so nobody asks who wrote the commits of a push.
     *
     * @return empty if nobody is named, or a pull request lacks its author
     */
    private static Optional<Fact<Bots>> bots(JobVariables variables, JsonNode event) {
        BotSigns signs =
                new BotSigns().branch(variables.fact("GITHUB_HEAD_REF")).branch(variables.fact("GITHUB_REF"));
        if (variables.is("GITHUB_EVENT_NAME", "schedule")) {
            // Its actor is whoever changed the schedule last, and its code the default branch's.
            return signs.whoeverStarted("GITHUB_EVENT_NAME is schedule").fact();
        }
        if (event.path("pull_request").isObject()
                && text(event.at("/pull_request/user"), "login").isEmpty()) {
            return Optional.empty();
        }
        for (String author : AUTHORS) {
            JsonNode user = event.at(author);
            text(user, "login").ifPresent(login -> signs.author(fact(login, author), isBot(user, login)));
        }
        for (String starter : STARTERS) {
            JsonNode user = event.at(starter);
            text(user, "login").ifPresent(login -> signs.starter(fact(login, starter), isBot(user, login)));
        }
        signs.starter(variables.fact("GITHUB_ACTOR")).starter(variables.fact("GITHUB_TRIGGERING_ACTOR"));
        return signs.fact();
    }

    private static boolean isBot(JsonNode user, String login) {
        return BotSigns.isBot(login) || text(user, "type").filter("Bot"::equals).isPresent();
    }

    private static Fact<String> fact(String value, String pointer) {
        return Fact.declared(value, "event payload: " + pointer.substring(1).replace('/', '.'));
    }

    private static Optional<String> id(JsonNode node) {
        return Optional.of(node.path("id")).filter(JsonNode::isIntegralNumber).map(JsonNode::asText);
    }

    private static boolean sameRepository(Optional<String> repository, JsonNode head) {
        return repository.isPresent() && repository.equals(text(head, "full_name"));
    }

    private Optional<Fact<RunnerKind>> runner(JobVariables variables) {
        Optional<Fact<RunnerKind>> said = variables.fact("RUNNER_ENVIRONMENT", Names::runner);
        if (said.isPresent() || name.equals(GITHUB)) {
            return said;
        }
        // Forgejo and Gitea have no vendor who hosts runners, but two public servers share theirs between everybody.
        return variables.fact(
                "GITHUB_SERVER_URL",
                url -> HostName.in(url)
                        .map(host -> SHARING.contains(host) ? RunnerKind.SHARED : RunnerKind.SELF_HOSTED));
    }

    private List<Refusal> contradictions(JobVariables variables, JsonNode event) {
        List<Refusal> contradictions = new ArrayList<>();
        compare(
                contradictions,
                variables.fact("GITHUB_REPOSITORY"),
                text(event.path("repository"), "full_name"),
                "repository.full_name");
        compare(contradictions, variables.fact("GITHUB_REPOSITORY_ID"), id(event.path("repository")), "repository.id");
        compare(
                contradictions,
                variables.fact("GITHUB_REPOSITORY_OWNER_ID"),
                id(event.at("/repository/owner")),
                "repository.owner.id");
        String eventName = variables.get("GITHUB_EVENT_NAME").orElse("");
        // After a branch was deleted GitHub runs the workflow on the default branch.
        boolean deleted = event.path("deleted").booleanValue();
        if (!deleted && (eventName.equals("push") || eventName.equals("workflow_dispatch"))) {
            compare(
                    contradictions,
                    variables.fact("GITHUB_REF"),
                    text(event, "ref").filter(ref -> ref.startsWith("refs/")),
                    "ref");
        }
        if (OWN_EVENTS.contains(eventName)) {
            Stream.concat(Stream.of("pull_request", "workflow_run"), SAID.stream())
                    .filter(subject -> event.path(subject).isObject())
                    .forEach(subject -> contradictions.add(new Refusal(
                            "GITHUB_EVENT_NAME is " + eventName + ", and the event payload is about a '" + subject
                                    + "'",
                            LEAVE)));
        }
        Optional<String> server = variables.get("GITHUB_SERVER_URL").flatMap(HostName::in);
        if (!name.equals(GITHUB) && server.filter("github.com"::equals).isPresent()) {
            contradictions.add(new Refusal(
                    "several CI systems at once: the variables of " + name + ", and GITHUB_SERVER_URL is GitHub's",
                    LEAVE));
        }
        return contradictions;
    }

    private static void compare(
            List<Refusal> contradictions, Optional<Fact<String>> variable, Optional<String> payload, String field) {
        if (variable.isPresent()
                && payload.isPresent()
                && !AsciiCase.same(variable.get().value(), payload.get())) {
            contradictions.add(new Refusal(
                    "the job's variables and its event payload contradict each other: " + variable.get() + ", "
                            + Fact.declared(payload.get(), "event payload: " + field),
                    LEAVE));
        }
    }

    private static Optional<String> text(JsonNode node, String field) {
        return Optional.ofNullable(node.path(field).textValue()).filter(value -> !value.isBlank());
    }

    /**
     * GitHub gives a new token whenever it is asked, so a token is seconds old and counts once; the workflows of forks
     * get none. Sources: docs.github.com, "OpenID Connect reference" and, for Enterprise servers, "Security hardening
     * your deployments".
     */
    private static final class GitHubTokens implements SignedTokens {
        private static final String ISSUER = "https://token.actions.githubusercontent.com";
        private static final String ENTERPRISE_SERVER = "/_services/token";

        @Override
        public List<String> usualIssuers() {
            return List.of(ISSUER);
        }

        /** Also those of Enterprise servers and of ghe.com. */
        @Override
        public boolean owns(URI issuer) {
            String host = String.valueOf(issuer.getHost());
            return host.equals(URI.create(ISSUER).getHost())
                    || (host.startsWith("token.actions.") && host.endsWith(".ghe.com"))
                    || ENTERPRISE_SERVER.equals(issuer.getPath());
        }

        @Override
        public boolean mayBeAnywhere() {
            return false;
        }

        @Override
        public TokenPlace find(Map<String, String> environment, String audience) {
            String url = environment.getOrDefault("ACTIONS_ID_TOKEN_REQUEST_URL", "");
            String bearer = environment.getOrDefault("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "");
            if (url.isBlank() || bearer.isBlank()) {
                return new TokenPlace.Nowhere("the job has no permission 'id-token: write'");
            }
            String separator = url.contains("?") ? "&" : "?";
            return new TokenPlace.Service(
                    url + separator + "audience=" + URLEncoder.encode(audience, StandardCharsets.UTF_8),
                    bearer,
                    "GitHub's token service");
        }

        @Override
        public String howToGet(String audience) {
            return "permissions: id-token: write";
        }

        @Override
        public TokenTerms terms() {
            return new TokenTerms(
                    Duration.ofMinutes(5),
                    true,
                    Map.of("run_id", "GITHUB_RUN_ID", "run_attempt", "GITHUB_RUN_ATTEMPT"));
        }

        @Override
        public JobFacts signed(JobFacts declared, Claims claims) {
            return declared.withRepository(claims.fact("repository"))
                    .withRepositoryId(claims.fact("repository_id"))
                    .withOwnerId(claims.fact("repository_owner_id"))
                    .withVisibility(claims.fact("repository_visibility", Names::visibility))
                    .withRunner(claims.fact("runner_environment", Names::runner))
                    .withEvent(claims.fact("event_name"))
                    .withRef(claims.fact("ref"))
                    .withRefProtected(claims.fact("ref_protected", Names::yesOrNo));
        }

        @Override
        public Set<String> ownChanges() {
            return Set.of("push", "schedule", "workflow_dispatch", "merge_group", "pull_request");
        }

        @Override
        public Optional<Fact<String>> starter(Claims claims) {
            return claims.fact("actor");
        }
    }
}
