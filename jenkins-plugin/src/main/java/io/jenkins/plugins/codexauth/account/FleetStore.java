package io.jenkins.plugins.codexauth.account;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.github.codexauth.UsageException;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A store on a server in which a fleet keeps an account's login, when this controller does not. Holds no secret. */
public final class FleetStore extends AbstractDescribableImpl<FleetStore> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String address;
    private @Nullable String passwordId;
    private @Nullable String identityId;

    /** @param address as the command's {@code --store} takes it, of a store on a server */
    @DataBoundConstructor
    public FleetStore(String address) {
        this.address = address.strip();
    }

    public String getAddress() {
        return address;
    }

    /** The id of a Secret text of Jenkins' own: what the store asks for; null for none. */
    public @Nullable String getPasswordId() {
        return passwordId;
    }

    @DataBoundSetter
    public void setPasswordId(@Nullable String passwordId) {
        this.passwordId = Util.fixEmptyAndTrim(passwordId);
    }

    /**
     * The id of a Secret text of Jenkins' own: the age identity that the fleet's logins are encrypted to; null for
     * none.
     */
    public @Nullable String getIdentityId() {
        return identityId;
    }

    @DataBoundSetter
    public void setIdentityId(@Nullable String identityId) {
        this.identityId = Util.fixEmptyAndTrim(identityId);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FleetStore store
                && address.equals(store.address)
                && Objects.equals(passwordId, store.passwordId)
                && Objects.equals(identityId, store.identityId);
    }

    @Override
    public int hashCode() {
        return Objects.hash(address, passwordId, identityId);
    }

    /** The part of the account's form, and in Configuration as Code {@code store}. */
    @Extension
    @Symbol("codexStore")
    public static final class DescriptorImpl extends Descriptor<FleetStore> {
        @Override
        public String getDisplayName() {
            return "A store on a server";
        }

        @POST
        public ListBoxModel doFillPasswordIdItems(@QueryParameter String passwordId) {
            return secrets(passwordId);
        }

        @POST
        public ListBoxModel doFillIdentityIdItems(@QueryParameter String identityId) {
            return secrets(identityId);
        }

        private static ListBoxModel secrets(String current) {
            StandardListBoxModel model = new StandardListBoxModel();
            model.add("- none -", "");
            return Jenkins.get().hasPermission(CredentialsProvider.VIEW)
                    ? model.includeAs(ACL.SYSTEM2, Jenkins.get(), StringCredentials.class, List.of())
                            .includeCurrentValue(current)
                    : model.includeCurrentValue(current);
        }

        /** Whether it is an address of a kind of store that there is. Nobody is asked there. */
        @POST
        public FormValidation doCheckAddress(@QueryParameter String value) {
            if (Util.fixEmptyAndTrim(value) == null) {
                return FormValidation.error("Write the address of the store.");
            }
            try {
                FleetStores.named(new FleetStore(value));
                return FormValidation.ok();
            } catch (UsageException e) {
                return FormValidation.error(e.problem() + "; " + e.hint());
            }
        }
    }
}
