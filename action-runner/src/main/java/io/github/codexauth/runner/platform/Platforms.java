package io.github.codexauth.runner.platform;

import io.github.codexauth.CodexAuth;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.Refusal;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the CI system that a job runs in, and asks it. */
public final class Platforms {
    /** The policy's word for no CI system at all. */
    public static final String NONE = "none";

    /** Forgejo and Gitea also set GitHub's variables, so they are asked first and GitHub only if neither is there. */
    private static final List<Platform> ALL = List.of(
            WorkflowPlatform.forgejo(),
            WorkflowPlatform.gitea(),
            WorkflowPlatform.github(),
            new GitLab(),
            new Buildkite(),
            new AzurePipelines(),
            new CircleCi(),
            new Bitbucket(),
            new Jenkins());

    /** Enough to recognize a system by. */
    private static final int MARKS_SHOWN = 4;

    private Platforms() {}

    /** What is known about the job with these variables. */
    public static JobFacts read(Map<String, String> environment) {
        JobVariables variables = new JobVariables(environment);
        List<Platform> present = new ArrayList<>();
        for (Platform platform : ALL) {
            if (platform.isPresent(variables)) {
                present.add(platform);
            }
        }
        JobFacts facts = present.isEmpty()
                ? outsideOfKnownSystems(CiVariables.in(environment))
                : present.get(0).read(variables);
        List<Refusal> obstacles = new ArrayList<>(facts.obstacles());
        if (present.size() > 1) {
            obstacles.add(new Refusal(
                    "several CI systems at once: "
                            + String.join(
                                    ", ", present.stream().map(Platform::name).toList()),
                    "start the job in one of them, without the variables of another around it"));
        }
        return facts.withObstacles(obstacles).withOtherCredentials(CodexAuth.credentialsIn(environment));
    }

    /** Nothing but silence means that no CI system is around; what nobody here knows is no command of a person. */
    private static JobFacts outsideOfKnownSystems(List<String> marks) {
        if (marks.isEmpty()) {
            return JobFacts.unknown(NONE, "a command outside of CI");
        }
        String shown = String.join(", ", marks.subList(0, Math.min(marks.size(), MARKS_SHOWN)));
        return JobFacts.unknown(
                JobFacts.UNKNOWN_CI,
                "a job of a CI system that is not known: " + shown + (marks.size() > MARKS_SHOWN ? ", …" : ""));
    }

    /** The names of all CI systems, as the operator's policy writes them. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(List.of(NONE));
        for (Platform platform : ALL) {
            names.add(platform.name());
        }
        return names;
    }

    /** Whether lines such as {@code ::add-mask::} mean something in this job's log. */
    public static boolean understandsWorkflowCommands(Map<String, String> environment) {
        JobVariables variables = new JobVariables(environment);
        for (Platform platform : ALL) {
            if (platform.understandsWorkflowCommands() && platform.isPresent(variables)) {
                return true;
            }
        }
        return false;
    }

    /** The names of the CI systems whose jobs can learn everything that the default policy asks about. */
    public static List<String> fittingTheDefaultPolicy() {
        List<String> fitting = new ArrayList<>();
        for (Platform platform : ALL) {
            if (platform.fitsTheDefaultPolicy()) {
                fitting.add(platform.name());
            }
        }
        return fitting;
    }

    /** The names of the CI systems whose jobs learn the numbers of their repository and its owner. */
    public static List<String> tellingIds() {
        return ALL.stream().filter(Platform::tellsIds).map(Platform::name).toList();
    }

    /** The events that a rule for a CI system allows which names none; empty if it does not say what starts a job. */
    public static List<String> harmlessEvents(String name) {
        Optional<Platform> named = named(name);
        return named.isPresent() ? named.get().harmlessEvents() : List.of();
    }

    /** The signed tokens of a CI system's jobs; empty if they have none that is understood here. */
    public static Optional<SignedTokens> tokens(String name) {
        return named(name).flatMap(Platform::tokens);
    }

    /**
     * Whether an address signs for the jobs of a CI system. One that is known to be a system's signs for no other; one
     * that nobody knows may be a server of any system that people run themselves.
     */
    public static boolean signsFor(String name, URI issuer) {
        for (Platform platform : ALL) {
            if (platform.tokens().filter(tokens -> tokens.owns(issuer)).isPresent()) {
                return platform.name().equals(name);
            }
        }
        return tokens(name).filter(SignedTokens::mayBeAnywhere).isPresent();
    }

    private static Optional<Platform> named(String name) {
        for (Platform platform : ALL) {
            if (platform.name().equals(name)) {
                return Optional.of(platform);
            }
        }
        return Optional.empty();
    }
}
