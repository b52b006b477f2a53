package io.jenkins.plugins.codexauth.trust;

import hudson.model.Item;
import hudson.model.Label;
import hudson.model.Node;
import hudson.model.Slave;
import hudson.slaves.AbstractCloudComputer;
import hudson.slaves.AbstractCloudSlave;
import hudson.slaves.CloudRetentionStrategy;
import hudson.slaves.CloudSlaveRetentionStrategy;
import hudson.slaves.EphemeralNode;
import hudson.slaves.RetentionStrategy;
import io.github.codexauth.OneLine;
import io.github.codexauth.trust.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jenkins.model.Jenkins;

/**
 * Whether an agent may have Codex credentials.
 *
 * <p>It has to be marked by {@link TrustedAgentProperty}. Labels narrow that further where the administrator configured
 * some; they never suffice, since an agent that registers itself brings its own.
 */
record AgentTrust(Node node, Optional<String> labels) {
    static final String PROPERTY = "Codex credentials allowed";

    /** What speaks against the agent, whatever the credential is. */
    List<Refusal> refusals() {
        if (node instanceof Jenkins) {
            return List.of(new Refusal(
                    "it runs on the built-in node, where builds can reach every secret of Jenkins",
                    "run it on an agent, by agent { label 'LABEL' } or node('LABEL') { … }; and set the executors of the built-in node"
                            + " to 0 in Manage Jenkins > Nodes > Built-In Node > Configure"));
        }
        List<Refusal> refusals = new ArrayList<>();
        if (property().isEmpty()) {
            refusals.add(isFromCloud() ? unmarkedTemplate() : unmarkedAgent());
        }
        labels.flatMap(this::outside).ifPresent(refusals::add);
        return refusals;
    }

    /**
     * What speaks against the agent for these credentials.
     *
     * @param named what the build named, an id or a pool
     * @param logins the ids of the logins that it would take one of; empty for a key
     */
    Optional<Refusal> limited(String named, List<String> logins) {
        Set<String> limit = limit();
        boolean each = !logins.isEmpty() && limit.containsAll(logins);
        if (limit.isEmpty() || limit.contains(named) || each) {
            return Optional.empty();
        }
        return Optional.of(new Refusal(
                agent() + " is for the credentials " + String.join(", ", limit) + " only, and '" + OneLine.of(named)
                        + "' is not among them",
                "use one of them, or add it in Manage Jenkins > Nodes > " + name() + " > Configure > " + PROPERTY
                        + " > Credentials"));
    }

    /** What speaks against a job there: builds of others would run beside those that the agent is for. */
    Optional<Refusal> closedTo(Item job) {
        return property()
                .filter(property -> !property.isFor(job))
                .map(property -> new Refusal(
                        agent() + " is for the jobs and folders " + String.join(", ", property.jobLimit())
                                + " only, and '" + OneLine.of(job.getFullName()) + "' is not among them",
                        "run it on another agent, or add it in Manage Jenkins > Nodes > " + name() + " > Configure > "
                                + PROPERTY + " > Jobs and folders"));
    }

    /** The credentials that the agent is limited to; empty for all. */
    Set<String> limit() {
        return property().map(TrustedAgentProperty::limit).orElse(Set.of());
    }

    private Optional<TrustedAgentProperty> property() {
        return Optional.ofNullable(node.getNodeProperty(TrustedAgentProperty.class));
    }

    private Optional<Refusal> outside(String expression) {
        String where = "Manage Jenkins > Security > Codex credentials > Agent labels";
        try {
            Label label = Label.parseExpression(expression);
            return label.matches(node)
                    ? Optional.empty()
                    : Optional.of(new Refusal(
                            agent() + " has the labels '" + node.getLabelString() + "', outside of '" + expression
                                    + "'",
                            "run it on an agent with these labels, by agent { label '" + expression
                                    + "' }; or change them in " + where));
        } catch (IllegalArgumentException e) {
            return Optional.of(new Refusal(
                    "the label expression '" + OneLine.of(expression)
                            + "' cannot be read, so which agents are trusted is not known",
                    "write labels with && and || between them in " + where));
        }
    }

    private boolean isFromCloud() {
        if (node instanceof AbstractCloudSlave
                || node instanceof EphemeralNode
                || node.toComputer() instanceof AbstractCloudComputer<?>) {
            return true;
        }
        RetentionStrategy<?> strategy = node instanceof Slave agent ? agent.getRetentionStrategy() : null;
        return strategy instanceof CloudRetentionStrategy || strategy instanceof CloudSlaveRetentionStrategy<?>;
    }

    private Refusal unmarkedTemplate() {
        return new Refusal(
                agent() + " was made by a cloud, and its template is not marked '" + PROPERTY + "'",
                "in Manage Jenkins > Clouds, in the template with the labels '" + node.getLabelString()
                        + "', add the node property '" + PROPERTY
                        + "'; agents that the cloud makes from then on have it");
    }

    private Refusal unmarkedAgent() {
        return new Refusal(
                agent() + " is not marked '" + PROPERTY + "'",
                "tick '" + PROPERTY + "' in Manage Jenkins > Nodes > " + name()
                        + " > Configure > Node Properties, or run it on an agent that has it");
    }

    private String agent() {
        return node instanceof Jenkins ? "the built-in node" : "agent '" + name() + "'";
    }

    private String name() {
        return OneLine.of(node.getNodeName());
    }
}
