package io.github.codexauth.runner.platform;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Variables that only automation sets, for whoever has to know whether the output of a command is kept somewhere. One of them is enough,
 * also one of a system that we know nothing else about.
 *
 * <p>No prefixes such as {@code GITHUB_}: people have a {@code GITHUB_TOKEN} in the shells they sit at.
 */
public final class CiMarks {
    private static final List<String> MARKS = List.of(
            "CI",
            "CONTINUOUS_INTEGRATION",
            "CI_NAME",
            "CI_PIPELINE_ID",
            "BUILD_ID",
            "BUILD_NUMBER",
            "BUILD_TAG",
            "GITHUB_ACTIONS",
            "GITHUB_RUN_ID",
            "GITEA_ACTIONS",
            "FORGEJO_ACTIONS",
            "GITLAB_CI",
            "BUILDKITE",
            "TF_BUILD",
            "CIRCLECI",
            "BITBUCKET_BUILD_NUMBER",
            "JENKINS_URL",
            "TEAMCITY_VERSION",
            "TRAVIS",
            "DRONE",
            "APPVEYOR",
            "CODEBUILD_BUILD_ID",
            "SEMAPHORE",
            "GO_PIPELINE_NAME",
            "bamboo_buildKey",
            // Our image's entrypoint sets it, and a container's output is kept.
            "CODEX_AUTH_IMAGE");

    private CiMarks() {}

    /** The first such variable that is there, whatever its value: an emptied one was set by somebody, too. */
    public static Optional<String> in(Map<String, String> environment) {
        return MARKS.stream().filter(environment::containsKey).findFirst();
    }
}
