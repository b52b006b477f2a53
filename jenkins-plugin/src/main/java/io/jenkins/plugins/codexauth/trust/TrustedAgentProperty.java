package io.jenkins.plugins.codexauth.trust;

import hudson.Extension;
import hudson.Util;
import hudson.model.Computer;
import hudson.model.Item;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.queue.CauseOfBlockage;
import hudson.slaves.NodeProperty;
import hudson.slaves.NodePropertyDescriptor;
import hudson.util.FormValidation;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Says that an agent may have Codex credentials.
 *
 * <p>A cloud copies its template's node properties to every agent that it makes, so marking the template marks them
 * all.
 */
public final class TrustedAgentProperty extends NodeProperty<Node> {
    private @Nullable String credentials;
    private @Nullable String jobs;

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

    /** The full names of the jobs and folders that the agent is for, one a line; null for all. */
    public @Nullable String getJobs() {
        return jobs;
    }

    @DataBoundSetter
    public void setJobs(@Nullable String jobs) {
        this.jobs = Util.fixEmptyAndTrim(jobs);
    }

    /** What {@link #getJobs} says; empty for all. */
    Set<String> jobLimit() {
        return names(jobs);
    }

    private static Set<String> names(@Nullable String lines) {
        return Util.fixNull(lines)
                .lines()
                .map(line -> line.strip().replaceAll("^/+|/+$", ""))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether a job is one of those that the agent is for, or lies in one of their folders. */
    boolean isFor(Item job) {
        Set<String> limit = jobLimit();
        return limit.isEmpty() || isWithin(limit, job);
    }

    private static boolean isWithin(Set<String> limit, Item job) {
        String name = job.getFullName();
        return limit.stream().anyMatch(place -> name.equals(place) || name.startsWith(place + "/"));
    }

    /**
     * Keeps everybody else's builds off the agent, whether or not they want a credential: one that runs beside another,
     * as the same user, can read what that has.
     */
    @Override
    public @Nullable CauseOfBlockage canTake(Queue.BuildableItem item) {
        // Asked for every waiting build and every agent, while Jenkins' queue is locked.
        Set<String> limit = jobLimit();
        return limit.isEmpty() || item.task.getOwnerTask() instanceof Item job && isWithin(limit, job)
                ? null
                : new OthersAgent(String.join(", ", limit));
    }

    /** Why a build waits. */
    private static final class OthersAgent extends CauseOfBlockage {
        private final String jobs;

        OthersAgent(String jobs) {
            this.jobs = jobs;
        }

        @Override
        public String getShortDescription() {
            return "an agent that would do may have Codex credentials, and is for " + jobs + " only";
        }
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

        /** Warns of names that mean nothing. */
        @POST
        public FormValidation doCheckJobs(@QueryParameter String value) {
            if (!Jenkins.get().hasPermission(Computer.CONFIGURE)) {
                return FormValidation.ok();
            }
            return names(value).stream()
                    .filter(name -> Jenkins.get().getItemByFullName(name) == null)
                    .findFirst()
                    .map(name -> FormValidation.warning("There is no job or folder '" + name + "' that you can see"))
                    .orElse(FormValidation.ok());
        }
    }
}
