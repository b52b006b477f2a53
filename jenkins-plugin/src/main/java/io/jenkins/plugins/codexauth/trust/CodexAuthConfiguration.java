package io.jenkins.plugins.codexauth.trust;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.AutoCompletionCandidates;
import hudson.model.Job;
import hudson.model.Label;
import hudson.model.Node;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.github.codexauth.trust.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import jenkins.model.GlobalConfiguration;
import jenkins.model.GlobalConfigurationCategory;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** What the administrator decides about Codex credentials, in Manage Jenkins > Security. */
@Extension
@Symbol("codexAuth")
public final class CodexAuthConfiguration extends GlobalConfiguration {
    /** How the built-in node is chosen; no agent can have such a name. */
    private static final String BUILT_IN = "(built-in)";

    private @Nullable String agentLabels;
    private boolean anonymousReadAllowed;
    private @Nullable String allowedBots;

    public CodexAuthConfiguration() {
        load();
    }

    public static CodexAuthConfiguration get() {
        return ExtensionList.lookupSingleton(CodexAuthConfiguration.class);
    }

    /** The label expression that agents have to fit besides being marked; null for any. */
    public @Nullable String getAgentLabels() {
        return agentLabels;
    }

    @DataBoundSetter
    public void setAgentLabels(@Nullable String agentLabels) {
        this.agentLabels = Util.fixEmptyAndTrim(agentLabels);
        save();
    }

    /** Whether jobs that anonymous can read may have credentials. */
    public boolean isAnonymousReadAllowed() {
        return anonymousReadAllowed;
    }

    @DataBoundSetter
    public void setAnonymousReadAllowed(boolean anonymousReadAllowed) {
        this.anonymousReadAllowed = anonymousReadAllowed;
        save();
    }

    /**
     * The accounts of bots whose changes may have credentials, with commas between them; {@code *} for any; null for
     * none.
     */
    public @Nullable String getAllowedBots() {
        return allowedBots;
    }

    @DataBoundSetter
    public void setAllowedBots(@Nullable String allowedBots) {
        this.allowedBots = Util.fixEmptyAndTrim(allowedBots);
        save();
    }

    List<String> allowedBots() {
        return allowedBots == null
                ? List.of()
                : Stream.of(allowedBots.split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList();
    }

    @Override
    public boolean configure(StaplerRequest2 request, JSONObject form) throws FormException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return super.configure(request, form);
    }

    @Override
    public GlobalConfigurationCategory getCategory() {
        return GlobalConfigurationCategory.get(GlobalConfigurationCategory.Security.class);
    }

    @Override
    public String getDisplayName() {
        return "Codex credentials";
    }

    @POST
    public FormValidation doCheckAgentLabels(@QueryParameter @Nullable String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        String expression = Util.fixEmptyAndTrim(value);
        if (expression == null) {
            return FormValidation.ok();
        }
        try {
            Label label = Label.parseExpression(expression);
            long fitting =
                    Jenkins.get().getNodes().stream().filter(label::matches).count();
            return fitting == 0
                    ? FormValidation.warning("No agent has these labels at the moment.")
                    : FormValidation.ok(
                            fitting == 1 ? "One agent has these labels." : fitting + " agents have these labels.");
        } catch (IllegalArgumentException e) {
            return FormValidation.error("This is no label expression. Write labels with && and || between them.");
        }
    }

    @POST
    public AutoCompletionCandidates doAutoCompleteJob(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return AutoCompletionCandidates.ofJobNames(Job.class, value, Jenkins.get());
    }

    @POST
    public ListBoxModel doFillAgentItems() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        ListBoxModel agents = new ListBoxModel();
        Jenkins.get().getNodes().forEach(node -> agents.add(node.getDisplayName(), node.getNodeName()));
        agents.add("the built-in node", BUILT_IN);
        return agents;
    }

    /** Says what would be refused to a job on an agent, and why. */
    @POST
    public FormValidation doForesee(@QueryParameter @Nullable String job, @QueryParameter @Nullable String agent) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        Job<?, ?> asked = Jenkins.get()
                .getItemByFullName(String.valueOf(Util.fixNull(job)).strip(), Job.class);
        if (asked == null) {
            return FormValidation.error("There is no such job. Write its full name, with its folders.");
        }
        Node node = BUILT_IN.equals(agent) ? Jenkins.get() : Jenkins.get().getNode(Util.fixNull(agent));
        if (node == null) {
            return FormValidation.error("There is no such agent.");
        }
        List<Refusal> refusals = BuildTrust.foresee(asked, node);
        List<String> notes = perBuild(asked, new AgentTrust(node, agentLabels()).limit());
        return refusals.isEmpty()
                ? FormValidation.okWithMarkup("<p>Nothing would be refused.</p>" + list(notes))
                : FormValidation.errorWithMarkup("<p>Would be refused:</p>"
                        + list(refusals.stream()
                                .map(refusal -> refusal.found() + ". To do: " + refusal.fix())
                                .toList())
                        + list(notes));
    }

    private Optional<String> agentLabels() {
        return Optional.ofNullable(agentLabels);
    }

    private static List<String> perBuild(Job<?, ?> job, Set<String> limit) {
        List<String> notes = new ArrayList<>();
        if (!limit.isEmpty()) {
            notes.add("This agent is for these credentials only: " + String.join(", ", limit));
        }
        if (new ChangeTrust(job).isAsked()) {
            notes.add("Decided for each build: whether the source trusts its revision");
        }
        notes.add(
                "Decided for each build: a replay, by whether its user may configure the job; the builds that started it;"
                        + " the credential that it names");
        return notes;
    }

    private static String list(List<String> sentences) {
        StringBuilder html = new StringBuilder("<ul>");
        for (String sentence : sentences) {
            html.append("<li>").append(Util.escape(sentence)).append(".</li>");
        }
        return html.append("</ul>").toString();
    }
}
