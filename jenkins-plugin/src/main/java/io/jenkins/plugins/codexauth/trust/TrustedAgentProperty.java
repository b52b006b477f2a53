package io.jenkins.plugins.codexauth.trust;

import hudson.Extension;
import hudson.Util;
import hudson.model.Node;
import hudson.slaves.NodeProperty;
import hudson.slaves.NodePropertyDescriptor;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * Says that an agent may have Codex credentials.
 *
 * <p>A cloud copies its template's node properties to every agent that it makes, so marking the template marks them
 * all.
 */
public final class TrustedAgentProperty extends NodeProperty<Node> {
    private @Nullable String credentials;

    /** An agent for every credential. */
    @DataBoundConstructor
    public TrustedAgentProperty() {}

    /** The ids and pools that the agent is limited to, with spaces or commas between them; null for all. */
    public @Nullable String getCredentials() {
        return credentials;
    }

    @DataBoundSetter
    public void setCredentials(@Nullable String credentials) {
        this.credentials = Util.fixEmptyAndTrim(credentials);
    }

    /** What {@link #getCredentials} says; empty for all. */
    Set<String> limit() {
        return credentials == null
                ? Set.of()
                : Arrays.stream(credentials.split("[\\s,]+"))
                        .filter(id -> !id.isEmpty())
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The property in an agent's configuration, and in Configuration as Code as {@code codexAuth}. */
    @Extension
    @Symbol("codexAuth")
    public static final class DescriptorImpl extends NodePropertyDescriptor {
        /** Not for the built-in node: that one is never trusted. */
        @Override
        public boolean isApplicable(Class<? extends Node> targetType) {
            return !Jenkins.class.isAssignableFrom(targetType);
        }

        @Override
        public boolean isApplicableAsGlobal() {
            return false;
        }

        @Override
        public String getDisplayName() {
            return AgentTrust.PROPERTY;
        }
    }
}
