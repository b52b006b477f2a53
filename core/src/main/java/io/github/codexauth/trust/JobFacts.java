package io.github.codexauth.trust;

import io.github.codexauth.OneLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

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
        return with(draft -> draft.repository = value);
    }

    public JobFacts withRepositoryId(Optional<Fact<String>> value) {
        return with(draft -> draft.repositoryId = value);
    }

    public JobFacts withOwnerId(Optional<Fact<String>> value) {
        return with(draft -> draft.ownerId = value);
    }

    public JobFacts withVisibility(Optional<Fact<Visibility>> value) {
        return with(draft -> draft.visibility = value);
    }

    public JobFacts withOutside(Optional<Fact<Boolean>> value) {
        return with(draft -> draft.outside = value);
    }

    public JobFacts withBots(Optional<Fact<Bots>> value) {
        return with(draft -> draft.bots = value);
    }

    public JobFacts withRunner(Optional<Fact<RunnerKind>> value) {
        return with(draft -> draft.runner = value);
    }

    public JobFacts withEvent(Optional<Fact<String>> value) {
        return with(draft -> draft.event = value);
    }

    public JobFacts withRef(Optional<Fact<String>> value) {
        return with(draft -> draft.ref = value);
    }

    public JobFacts withRefProtected(Optional<Fact<Boolean>> value) {
        return with(draft -> draft.refProtected = value);
    }

    public JobFacts withOtherCredentials(List<String> value) {
        return with(draft -> draft.otherCredentials = value);
    }

    public JobFacts withSignature(Signature value) {
        return with(draft -> draft.signature = Optional.of(value));
    }

    /** The same with one more thing that denies in any case. */
    public JobFacts withObstacle(Refusal value) {
        List<Refusal> more = new ArrayList<>(obstacles);
        more.add(value);
        return withObstacles(more);
    }

    public JobFacts withObstacles(List<Refusal> value) {
        return with(draft -> draft.obstacles = value);
    }

    public JobFacts withAdvice(String value) {
        return with(draft -> draft.advice = Optional.of(value));
    }

    private JobFacts with(Consumer<Draft> change) {
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
        change.accept(draft);
        return draft.facts();
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
