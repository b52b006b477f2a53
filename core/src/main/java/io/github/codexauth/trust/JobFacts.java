package io.github.codexauth.trust;

import java.util.List;
import java.util.Optional;

/**
 * What is known about a job. Empty means not known, and that denies wherever a rule asks for it.
 *
 * @param platform the CI system in the policy's words, {@code none} for a command that a person or timer started
 * @param description the job as people know it, such as {@code acme/app run 4711}
 * @param repository its full name
 * @param outside whether the change, or the repository, comes from outside: a fork or a person without write access
 * @param event what started the job, in the CI system's words
 * @param ref the full name of the branch or tag, such as {@code refs/heads/main}
 * @param refProtected whether the CI system restricts who may write to that ref
 * @param otherCredentials the names of variables that hold another credential for Codex
 * @param obstacles what denies in any case, such as facts that contradict each other
 * @param advice what to do on this platform where no rule is meant for it
 */
public record JobFacts(
        String platform,
        String description,
        Optional<Fact<String>> repository,
        Optional<Fact<Visibility>> visibility,
        Optional<Fact<Boolean>> outside,
        Optional<Fact<RunnerKind>> runner,
        Optional<Fact<String>> event,
        Optional<Fact<String>> ref,
        Optional<Fact<Boolean>> refProtected,
        List<String> otherCredentials,
        List<Refusal> obstacles,
        Optional<String> advice) {
    public JobFacts {
        description = Quoted.of(description);
        otherCredentials = List.copyOf(otherCredentials);
        obstacles = List.copyOf(obstacles);
    }

    /** A job of which nothing more is known. */
    public static JobFacts unknown(String platform, String description) {
        return new JobFacts(
                platform,
                description,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    public JobFacts withRepository(Optional<Fact<String>> value) {
        return new JobFacts(
                platform,
                description,
                value,
                visibility,
                outside,
                runner,
                event,
                ref,
                refProtected,
                otherCredentials,
                obstacles,
                advice);
    }

    public JobFacts withVisibility(Optional<Fact<Visibility>> value) {
        return new JobFacts(
                platform,
                description,
                repository,
                value,
                outside,
                runner,
                event,
                ref,
                refProtected,
                otherCredentials,
                obstacles,
                advice);
    }

    public JobFacts withOutside(Optional<Fact<Boolean>> value) {
        return new JobFacts(
                platform,
                description,
                repository,
                visibility,
                value,
                runner,
                event,
                ref,
                refProtected,
                otherCredentials,
                obstacles,
                advice);
    }

    public JobFacts withRunner(Optional<Fact<RunnerKind>> value) {
        return new JobFacts(
                platform,
                description,
                repository,
                visibility,
                outside,
                value,
                event,
                ref,
                refProtected,
                otherCredentials,
                obstacles,
                advice);
    }

    public JobFacts withEvent(Optional<Fact<String>> value) {
        return new JobFacts(
                platform,
                description,
                repository,
                visibility,
                outside,
                runner,
                value,
                ref,
                refProtected,
                otherCredentials,
                obstacles,
                advice);
    }

    public JobFacts withRef(Optional<Fact<String>> value) {
        return new JobFacts(
                platform,
                description,
                repository,
                visibility,
                outside,
                runner,
                event,
                value,
                refProtected,
                otherCredentials,
                obstacles,
                advice);
    }

    public JobFacts withRefProtected(Optional<Fact<Boolean>> value) {
        return new JobFacts(
                platform,
                description,
                repository,
                visibility,
                outside,
                runner,
                event,
                ref,
                value,
                otherCredentials,
                obstacles,
                advice);
    }

    public JobFacts withOtherCredentials(List<String> value) {
        return new JobFacts(
                platform,
                description,
                repository,
                visibility,
                outside,
                runner,
                event,
                ref,
                refProtected,
                value,
                obstacles,
                advice);
    }

    public JobFacts withObstacles(List<Refusal> value) {
        return new JobFacts(
                platform,
                description,
                repository,
                visibility,
                outside,
                runner,
                event,
                ref,
                refProtected,
                otherCredentials,
                value,
                advice);
    }

    public JobFacts withAdvice(String value) {
        return new JobFacts(
                platform,
                description,
                repository,
                visibility,
                outside,
                runner,
                event,
                ref,
                refProtected,
                otherCredentials,
                obstacles,
                Optional.of(value));
    }
}
