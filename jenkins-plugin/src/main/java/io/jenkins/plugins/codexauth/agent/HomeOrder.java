package io.jenkins.plugins.codexauth.agent;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the controller wants an agent to make.
 *
 * @param session the session's name; the home's folder is called so
 * @param homes where homes are made, absolute: the temporary folder beside the workspace, never in it
 * @param authJson the login to put in; null if the credential is no file
 * @param configToml the user's settings for Codex; null for none
 * @param keep sessions whose homes must stay; what else is in {@code homes} was left by builds that nobody waits for
 * @param secrets what must not be shown in output of this agent
 * @param path where the block's programs are looked for; empty for the agent's own PATH
 */
public record HomeOrder(
        String session,
        String homes,
        byte @Nullable [] authJson,
        byte @Nullable [] configToml,
        List<String> keep,
        List<String> secrets,
        String path)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public String toString() {
        return "HomeOrder[" + session + "]";
    }
}
