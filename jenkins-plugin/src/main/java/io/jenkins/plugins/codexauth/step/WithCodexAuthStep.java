package io.jenkins.plugins.codexauth.step;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.github.codexauth.DurationText;
import io.github.codexauth.home.CodexConfig;
import io.github.codexauth.home.InvalidCodexConfigException;
import io.github.codexauth.home.ManagedRequirements;
import io.jenkins.plugins.codexauth.account.CodexAccountCredentials;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code withCodexAuth(authJson: 'codex-ci') { sh 'codex exec …' }}: signs the Codex CLI in for a block. */
public final class WithCodexAuthStep extends Step implements Serializable {
    private static final long serialVersionUID = 1L;

    private @Nullable String authJson;
    private @Nullable String pool;
    private @Nullable String apiKey;
    private @Nullable String accessToken;
    private @Nullable String federationRule;
    private @Nullable String identityTokenFile;
    private @Nullable String wait;
    private @Nullable String timeLimit;
    private @Nullable String config;
    private @Nullable String give;
    private boolean shared;

    /** Exactly one way of signing in has to be set. */
    @DataBoundConstructor
    public WithCodexAuthStep() {}

    /** The id of a Codex account. */
    public @Nullable String getAuthJson() {
        return authJson;
    }

    @DataBoundSetter
    public void setAuthJson(@Nullable String authJson) {
        this.authJson = Util.fixEmptyAndTrim(authJson);
    }

    /** The beginning of the ids of several Codex accounts, of which any free one serves. */
    public @Nullable String getPool() {
        return pool;
    }

    @DataBoundSetter
    public void setPool(@Nullable String pool) {
        this.pool = Util.fixEmptyAndTrim(pool);
    }

    /** The id of a Secret text with an API key. */
    public @Nullable String getApiKey() {
        return apiKey;
    }

    @DataBoundSetter
    public void setApiKey(@Nullable String apiKey) {
        this.apiKey = Util.fixEmptyAndTrim(apiKey);
    }

    /** The id of a Secret text with an access token. */
    public @Nullable String getAccessToken() {
        return accessToken;
    }

    @DataBoundSetter
    public void setAccessToken(@Nullable String accessToken) {
        this.accessToken = Util.fixEmptyAndTrim(accessToken);
    }

    /** The id of a federation rule at OpenAI. */
    public @Nullable String getFederationRule() {
        return federationRule;
    }

    @DataBoundSetter
    public void setFederationRule(@Nullable String federationRule) {
        this.federationRule = Util.fixEmptyAndTrim(federationRule);
    }

    /** Where the agent's identity token is, absolute. */
    public @Nullable String getIdentityTokenFile() {
        return identityTokenFile;
    }

    @DataBoundSetter
    public void setIdentityTokenFile(@Nullable String identityTokenFile) {
        this.identityTokenFile = Util.fixEmptyAndTrim(identityTokenFile);
    }

    /** How long to wait for a login that another build has, such as {@code 15m}; as long as it takes if not set. */
    public @Nullable String getWait() {
        return wait;
    }

    @DataBoundSetter
    public void setWait(@Nullable String wait) {
        this.wait = Util.fixEmptyAndTrim(wait);
    }

    /** How long the block may take, such as {@code 2h}; as long as it takes if not set. */
    public @Nullable String getTimeLimit() {
        return timeLimit;
    }

    @DataBoundSetter
    public void setTimeLimit(@Nullable String timeLimit) {
        this.timeLimit = Util.fixEmptyAndTrim(timeLimit);
    }

    /** The text of a config.toml to bring along. */
    public @Nullable String getConfig() {
        return config;
    }

    @DataBoundSetter
    public void setConfig(@Nullable String config) {
        this.config = Util.fixEmpty(config);
    }

    /** What the block gets of a login: {@code all} of it; null for access alone, the default. */
    public @Nullable String getGive() {
        return Give.ACCESS.word().equals(give) ? null : give;
    }

    /** The level as it was typed; null for none. A key has none, and the default must not hide that one was typed. */
    @Nullable
    String typedLevel() {
        return give;
    }

    @DataBoundSetter
    public void setGive(@Nullable String give) {
        this.give = Util.fixEmptyAndTrim(give);
    }

    /** Whether other builds may have the login at the same time, where its account allows that. */
    public boolean isShared() {
        return shared;
    }

    @DataBoundSetter
    public void setShared(boolean shared) {
        this.shared = shared;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new WithCodexAuthExecution(context, new Request(this));
    }

    /** The step in the snippet generator, and the build environment in Freestyle jobs. */
    @Extension
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "withCodexAuth";
        }

        @Override
        public String getDisplayName() {
            return "Sign the Codex CLI in";
        }

        @Override
        public boolean takesImplicitBlockArgument() {
            return true;
        }

        /** No agent: a block may begin without one, and in the {@code options} of a Declarative Pipeline it does. */
        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class);
        }

        /** The option by which a step signs in, for the form; the first one for a new step. */
        public String wayOf(@Nullable WithCodexAuthStep step) {
            return step == null
                    ? Request.Kind.API_KEY.option()
                    : new Request(step)
                            .ways().stream()
                                    .findFirst()
                                    .map(way -> way.kind().option())
                                    .orElse(Request.Kind.API_KEY.option());
        }

        @POST
        public ListBoxModel doFillAuthJsonItems(@AncestorInPath @Nullable Item item, @QueryParameter String authJson) {
            return items(item, CodexAccountCredentials.class, authJson);
        }

        @POST
        public ListBoxModel doFillApiKeyItems(@AncestorInPath @Nullable Item item, @QueryParameter String apiKey) {
            return items(item, StringCredentials.class, apiKey);
        }

        @POST
        public ListBoxModel doFillAccessTokenItems(
                @AncestorInPath @Nullable Item item, @QueryParameter String accessToken) {
            return items(item, StringCredentials.class, accessToken);
        }

        /** The levels, the default first. */
        @POST
        public ListBoxModel doFillGiveItems() {
            ListBoxModel levels = new ListBoxModel();
            levels.add("Access alone; the login stays on the controller", "");
            levels.add("The whole login, which the block's Codex refreshes", Give.ALL.word());
            return levels;
        }

        private static ListBoxModel items(
                @Nullable Item item, Class<? extends StandardCredentials> type, String current) {
            StandardListBoxModel model = new StandardListBoxModel();
            model.add("- choose -", "");
            return mayLook(item)
                    ? model.includeAs(ACL.SYSTEM2, item, type, List.of()).includeCurrentValue(current)
                    : model.includeCurrentValue(current);
        }

        private static boolean mayLook(@Nullable Item item) {
            return item == null
                    ? Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                    : item.hasPermission(Item.EXTENDED_READ) || item.hasPermission(CredentialsProvider.USE_ITEM);
        }

        /** Whether a pool has accounts that the job may use. */
        @POST
        public FormValidation doCheckPool(@AncestorInPath @Nullable Item item, @QueryParameter @Nullable String value) {
            String pool = Util.fixEmptyAndTrim(value);
            if (pool == null || !mayLook(item)) {
                return FormValidation.ok();
            }
            List<String> members = CredentialsProvider.listCredentialsInItem(
                            CodexAccountCredentials.class, item, ACL.SYSTEM2, List.of(), CredentialsMatchers.always())
                    .stream()
                    .map(option -> option.value)
                    .filter(id -> id.startsWith(pool + "."))
                    .sorted()
                    .toList();
            return members.isEmpty()
                    ? FormValidation.warning("No Codex account in reach of this job has an id such as " + pool
                            + ".1, so this pool is empty.")
                    : FormValidation.ok("This pool is " + String.join(", ", members) + ".");
        }

        @POST
        public FormValidation doCheckWait(@QueryParameter String value) {
            return duration(value);
        }

        @POST
        public FormValidation doCheckTimeLimit(@QueryParameter String value) {
            return duration(value);
        }

        private static FormValidation duration(@Nullable String value) {
            try {
                if (Util.fixEmptyAndTrim(value) != null) {
                    DurationText.parse(String.valueOf(value));
                }
                return FormValidation.ok();
            } catch (IllegalArgumentException e) {
                return FormValidation.error("This is no duration: " + DurationText.HOW_TO + ".");
            }
        }

        /** Whether it is TOML of which Codex can read at least the syntax. */
        @POST
        public FormValidation doCheckConfig(@QueryParameter @Nullable String value) {
            String config = Util.fixEmptyAndTrim(value);
            if (config == null) {
                return FormValidation.ok();
            }
            try {
                CodexConfig.extending(
                        config.getBytes(StandardCharsets.UTF_8), "this", List.of(), ManagedRequirements.NONE);
                return FormValidation.ok();
            } catch (InvalidCodexConfigException e) {
                return FormValidation.error(e.problem());
            }
        }

        @POST
        public FormValidation doCheckIdentityTokenFile(
                @QueryParameter @Nullable String value, @QueryParameter @Nullable String federationRule) {
            String file = Util.fixEmptyAndTrim(value);
            if (Util.fixEmptyAndTrim(federationRule) != null && file == null) {
                return FormValidation.error("Workload identity needs the file with the agent's identity token.");
            }
            return file == null || file.startsWith("/")
                    ? FormValidation.ok()
                    : FormValidation.error("Write where the file is on the agent, beginning with /.");
        }
    }
}
