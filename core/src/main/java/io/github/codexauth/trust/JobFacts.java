package io.github.codexauth.trust;

import io.github.codexauth.OneLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is known about a job. Empty means not known, and that denies wherever a rule asks for it.
 *
 * @param platform the CI system in the policy's words, {@code none} for a command that a person or timer started,
 *     {@link #UNKNOWN_CI} where a CI system is around that nobody here knows
 * @param description the job as people know it, such as {@code acme/app run 4711}
 * @param repository its full name
 * @param repositoryId the number by which the CI system knows it; a name can be given up and registered anew, a number
 *     cannot
 * @param ownerId the number of the account, organization or group that it belongs to
 * @param outside whether the change, or the repository, comes from outside: a fork or a person without write access
 * @param bots the bots that the change comes from, or that started the job
 * @param event what started the job, in the CI system's words
 * @param ref the full name of the branch or tag, such as {@code refs/heads/main}
 * @param refProtected whether the CI system restricts who may write to that ref
 * @param otherCredentials the names of variables that hold another credential for Codex
 * @param signature who signed facts, if somebody did
 * @param obstacles what denies in any case, such as facts that contradict each other
 * @param advice what to do on this platform where no rule is meant for it
 */
public record JobFacts(
        String platform,
        String description,
        Optional<Fact<String>> repository,
        Optional<Fact<String>> repositoryId,
        Optional<Fact<String>> ownerId,
        Optional<Fact<Visibility>> visibility,
        Optional<Fact<Boolean>> outside,
        Optional<Fact<Bots>> bots,
        Optional<Fact<RunnerKind>> runner,
        Optional<Fact<String>> event,
        Optional<Fact<String>> ref,
        Optional<Fact<Boolean>> refProtected,
        List<String> otherCredentials,
        Optional<Signature> signature,
        List<Refusal> obstacles,
        Optional<String> advice) {
    /** No policy has a rule for this. */
    public static final String UNKNOWN_CI = "unknown";

    public JobFacts {
        description = OneLine.of(description, Fact.LONGEST);
        otherCredentials = List.copyOf(otherCredentials);
        obstacles = List.copyOf(obstacles);
    }

    /** A job of which nothing more is known. */
    public static JobFacts unknown(String platform, String description) {
        return new Draft(platform, description).facts();
    }

    public JobFacts withRepository(Optional<Fact<String>> value) {
        Draft draft = draft();
        draft.repository = value;
        return draft.facts();
    }

    public JobFacts withRepositoryId(Optional<Fact<String>> value) {
        Draft draft = draft();
        draft.repositoryId = value;
        return draft.facts();
    }

    public JobFacts withOwnerId(Optional<Fact<String>> value) {
        Draft draft = draft();
        draft.ownerId = value;
        return draft.facts();
    }

    public JobFacts withVisibility(Optional<Fact<Visibility>> value) {
        Draft draft = draft();
        draft.visibility = value;
        return draft.facts();
    }

    public JobFacts withOutside(Optional<Fact<Boolean>> value) {
        Draft draft = draft();
        draft.outside = value;
        return draft.facts();
    }

    public JobFacts withBots(Optional<Fact<Bots>> value) {
        Draft draft = draft();
        draft.bots = value;
        return draft.facts();
    }

    public JobFacts withRunner(Optional<Fact<RunnerKind>> value) {
        Draft draft = draft();
        draft.runner = value;
        return draft.facts();
    }

    public JobFacts withEvent(Optional<Fact<String>> value) {
        Draft draft = draft();
        draft.event = value;
        return draft.facts();
    }

    public JobFacts withRef(Optional<Fact<String>> value) {
        Draft draft = draft();
        draft.ref = value;
        return draft.facts();
    }

    public JobFacts withRefProtected(Optional<Fact<Boolean>> value) {
        Draft draft = draft();
        draft.refProtected = value;
        return draft.facts();
    }

    public JobFacts withOtherCredentials(List<String> value) {
        Draft draft = draft();
        draft.otherCredentials = value;
        return draft.facts();
    }

    public JobFacts withSignature(Signature value) {
        Draft draft = draft();
        draft.signature = Optional.of(value);
        return draft.facts();
    }

    /** The same with one more thing that denies in any case. */
    public JobFacts withObstacle(Refusal value) {
        List<Refusal> more = new ArrayList<>(obstacles);
        more.add(value);
        return withObstacles(more);
    }

    public JobFacts withObstacles(List<Refusal> value) {
        Draft draft = draft();
        draft.obstacles = value;
        return draft.facts();
    }

    public JobFacts withAdvice(String value) {
        Draft draft = draft();
        draft.advice = Optional.of(value);
        return draft.facts();
    }

    private Draft draft() {
        Draft draft = new Draft(platform, description);
        draft.repository = repository;
        draft.repositoryId = repositoryId;
        draft.ownerId = ownerId;
        draft.visibility = visibility;
        draft.outside = outside;
        draft.bots = bots;
        draft.runner = runner;
        draft.event = event;
        draft.ref = ref;
        draft.refProtected = refProtected;
        draft.otherCredentials = otherCredentials;
        draft.signature = signature;
        draft.obstacles = obstacles;
        draft.advice = advice;
        return draft;
    }

    /** Facts while one of them is being changed. */
    private static final class Draft {
        private final String platform;
        private final String description;
        private Optional<Fact<String>> repository = Optional.empty();
        private Optional<Fact<String>> repositoryId = Optional.empty();
        private Optional<Fact<String>> ownerId = Optional.empty();
        private Optional<Fact<Visibility>> visibility = Optional.empty();
        private Optional<Fact<Boolean>> outside = Optional.empty();
        private Optional<Fact<Bots>> bots = Optional.empty();
        private Optional<Fact<RunnerKind>> runner = Optional.empty();
        private Optional<Fact<String>> event = Optional.empty();
        private Optional<Fact<String>> ref = Optional.empty();
        private Optional<Fact<Boolean>> refProtected = Optional.empty();
        private List<String> otherCredentials = List.of();
        private Optional<Signature> signature = Optional.empty();
        private List<Refusal> obstacles = List.of();
        private Optional<String> advice = Optional.empty();

        Draft(String platform, String description) {
            this.platform = platform;
            this.description = description;
        }

        JobFacts facts() {
            return new JobFacts(
                    platform,
                    description,
                    repository,
                    repositoryId,
                    ownerId,
                    visibility,
                    outside,
                    bots,
                    runner,
                    event,
                    ref,
                    refProtected,
                    otherCredentials,
                    signature,
                    obstacles,
                    advice);
        }
    }
}
