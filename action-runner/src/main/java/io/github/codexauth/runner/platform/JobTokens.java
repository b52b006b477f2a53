package io.github.codexauth.runner.platform;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The variables in which a job has its CI system's own tokens: they push, publish, or prove who the job is, and are no
 * business of the commands that a model runs, unless the job's author wants that.
 *
 * <p>Sources: the vendors' lists of predefined variables; actions/runner 2.336.0, ScriptHandler.cs and
 * NodeScriptActionHandler.cs.
 */
public final class JobTokens {
    /** What GitHub's runner gives to actions alone, and to no command that a job runs by itself. */
    private static final Set<String> OF_ACTIONS_ALONE = Set.of(
            "ACTIONS_CACHE_MODE",
            "ACTIONS_CACHE_SERVICE_V2",
            "ACTIONS_CACHE_URL",
            "ACTIONS_RESULTS_URL",
            "ACTIONS_RUNTIME_TOKEN",
            "ACTIONS_RUNTIME_URL");

    /** In Codex's words, where a star stands for anything. */
    private static final List<String> NAMES = List.of(
            // GitHub, Forgejo and Gitea, and what their command line tools read.
            "GITHUB_TOKEN",
            "GH_TOKEN",
            "GITHUB_ENTERPRISE_TOKEN",
            "GH_ENTERPRISE_TOKEN",
            "FORGEJO_TOKEN",
            "GITEA_TOKEN",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
            "ACTIONS_ID_TOKEN_REQUEST_URL",
            "ACTIONS_RUNTIME_TOKEN",
            // GitLab; the address of the repository has the job's token in it.
            "CI_JOB_TOKEN",
            "CI_JOB_JWT*",
            "CI_REPOSITORY_URL",
            "CI_REGISTRY_PASSWORD",
            "CI_DEPLOY_PASSWORD",
            "CI_DEPENDENCY_PROXY_PASSWORD",
            "SYSTEM_ACCESSTOKEN",
            "BITBUCKET_STEP_OIDC_TOKEN",
            "BUILDKITE_AGENT_ACCESS_TOKEN",
            "CIRCLE_OIDC_TOKEN*");

    private JobTokens() {}

    /** Whether a runner gives this variable to its actions, but not to what a job runs by itself. */
    public static boolean isOfActionsAlone(String variable) {
        return OF_ACTIONS_ALONE.contains(variable);
    }

    /**
     * The names of what is to be hidden, a star in them standing for anything: those above, and every other variable
     * that has the same value as one of them.
     *
     * @param environment the job's variables
     * @param shown the names of variables that the model's commands may see all the same
     */
    public static Set<String> hidden(Map<String, String> environment, Collection<String> shown) {
        Set<String> hidden = new TreeSet<>();
        Set<String> tokens = new TreeSet<>();
        for (String pattern : NAMES) {
            List<String> present = matching(pattern, environment.keySet());
            for (String name : present) {
                tokens.add(environment.getOrDefault(name, ""));
            }
            if (!matching(pattern, shown).isEmpty()) {
                // Codex would hide the one that is to be seen along with the others.
                hidden.addAll(present);
            } else {
                hidden.add(pattern);
            }
        }
        tokens.remove("");
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            if (tokens.contains(variable.getValue())) {
                hidden.add(variable.getKey());
            }
        }
        hidden.removeAll(shown);
        return hidden;
    }

    private static List<String> matching(String pattern, Collection<String> names) {
        List<String> matching = new ArrayList<>();
        for (String name : names) {
            if (matches(pattern, name)) {
                matching.add(name);
            }
        }
        return matching;
    }

    private static boolean matches(String pattern, String name) {
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern);
    }
}
