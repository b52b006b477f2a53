package io.github.codexauth.runner.platform;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The variables by which CI systems show themselves, also those that nobody here knows anything else about. A variable
 * counts by being there: one that was emptied, or made longer than any should be, was set by somebody, too.
 *
 * <p>Sources: the vendors' lists of predefined variables, and npm's {@code ci-info}.
 */
public final class CiVariables {
    private static final Set<String> NAMES = Set.of(
            "CI",
            "CONTINUOUS_INTEGRATION",
            "AGOLA_GIT_REF",
            "APPCENTER_BUILD_ID",
            "ATC_EXTERNAL_URL",
            "BUDDY_WORKSPACE_ID",
            "BUILDER_OUTPUT",
            "CF_BUILD_ID",
            "CM_BUILD_ID",
            "EARTHLY_CI",
            "EAS_BUILD",
            "GERRIT_PROJECT",
            "HARNESS_BUILD_ID",
            "HEROKU_TEST_RUN_ID",
            "JOB_NAME",
            "MAGNUM",
            "NOW_BUILDER",
            "PROW_JOB_ID",
            "RENDER",
            "SAILCI",
            "SCREWDRIVER",
            "STRIDER",
            "TASKCLUSTER_ROOT_URL",
            "TF_BUILD",
            "VELA");

    private static final List<String> PREFIXES = List.of(
            "CI_",
            "ACTIONS_",
            "APPVEYOR",
            "BITBUCKET_",
            "BITRISE_",
            "BUILDKITE",
            "BUILD_",
            "CIRCLE",
            "CIRRUS_",
            "CODEBUILD_",
            "DRONE",
            "FORGEJO_",
            "GITEA_",
            "GITHUB_",
            "GITLAB_",
            "GO_PIPELINE_",
            "HUDSON_",
            "JENKINS_",
            "NETLIFY",
            "RUNNER_",
            "SEMAPHORE",
            "SYSTEM_",
            "TEAMCITY_",
            "TRAVIS",
            "VERCEL",
            "WOODPECKER",
            "bamboo_");

    private CiVariables() {}

    /** The names of those that are there, sorted; empty where a person or a timer started this process. */
    public static List<String> in(Map<String, String> environment) {
        List<String> marks = new ArrayList<>();
        for (String name : environment.keySet()) {
            if (isMark(name)) {
                marks.add(name);
            }
        }
        Collections.sort(marks);
        return marks;
    }

    private static boolean isMark(String name) {
        return NAMES.contains(name)
                || hasPrefix(name) && !Peoples.NAMES.matcher(name).matches();
    }

    private static boolean hasPrefix(String name) {
        for (String prefix : PREFIXES) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** What people keep in the shells they sit at, for the command line tools of those same vendors, and macOS' own. */
    private static final class Peoples {
        private static final Pattern NAMES = Pattern.compile(
                "(?:APPVEYOR|BITBUCKET|BITRISE|BUILDKITE|CIRCLECI|CIRCLE|CIRRUS|DRONE|FORGEJO|GITEA|GITHUB|GITLAB|JENKINS|NETLIFY"
                        + "|SEMAPHORE|TRAVIS|VERCEL|WOODPECKER)_"
                        + "(?:API_|APP_|AUTH_|ACCESS_|CLI_|CLIENT_|COPILOT_|ENTERPRISE_|GRAPHQL_|MCP_|OAUTH_|PERSONAL_|PRIVATE_)*"
                        + "(?:TOKEN|PAT|KEY|SECRET|PASSWORD|ID|USER|USERNAME|USER_ID|LOGIN|EMAIL|HOST|SERVER|ORG|ORG_ID|OWNER|PROJECT_ID|SITE_ID)"
                        + "|JENKINS_HOME|SYSTEM_VERSION_COMPAT");
    }
}
