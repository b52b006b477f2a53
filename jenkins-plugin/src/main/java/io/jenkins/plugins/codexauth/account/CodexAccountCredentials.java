package io.jenkins.plugins.codexauth.account;

import com.cloudbees.plugins.credentials.CredentialsNameProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStoreAction;
import com.cloudbees.plugins.credentials.NameWith;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.impl.BaseStandardCredentials;
import hudson.Extension;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.ItemGroup;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.github.codexauth.AuthJson;
import io.github.codexauth.CredentialId;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.login.Seed;
import io.jenkins.plugins.codexauth.lease.ControllerStores;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Predicate;
import org.jenkinsci.Symbol;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * A Codex account: the {@code auth.json} of a ChatGPT login, as a person pasted it.
 *
 * <p>It is what the first build starts from. Every later state lies beside it (see {@code JenkinsCredentialStore}), so
 * that saving, copying or reloading this credential never brings an old login back.
 */
@NameWith(value = CodexAccountCredentials.Name.class, priority = 32)
public final class CodexAccountCredentials extends BaseStandardCredentials implements StandardCredentials {
    private static final long serialVersionUID = 1L;
    private static final String NAME = "the auth.json";

    private final @Nullable Secret authJson;
    private final @Nullable FleetStore store;
    private boolean shared;

    /**
     * A new credential.
     *
     * @param authJson the whole file; null or empty if the store has the login already
     * @param store where a fleet keeps the login; null for this controller
     * @throws Descriptor.FormException if the id or the file could not be used; the message quotes nothing of the file
     */
    @DataBoundConstructor
    public CodexAccountCredentials(
            @Nullable CredentialsScope scope,
            @Nullable String id,
            @Nullable String description,
            @Nullable Secret authJson,
            @Nullable FleetStore store)
            throws Descriptor.FormException {
        super(scope, id, description);
        this.store = store;
        try {
            new CredentialId(getId());
        } catch (IllegalArgumentException e) {
            throw new Descriptor.FormException(String.valueOf(e.getMessage()), "id");
        }
        this.authJson = authJson;
        try {
            seed();
        } catch (InvalidAuthJsonException e) {
            throw new Descriptor.FormException(e.problem() + "; " + PasteHint.of(e), "authJson");
        }
    }

    /** One whose login is kept on this controller. */
    public CodexAccountCredentials(
            @Nullable CredentialsScope scope, @Nullable String id, @Nullable String description, Secret authJson)
            throws Descriptor.FormException {
        this(scope, id, description, authJson, null);
    }

    /** The pasted file; null if there is none. */
    public @Nullable Secret getAuthJson() {
        return authJson;
    }

    /** Where a fleet keeps the login; null for this controller. */
    public @Nullable FleetStore getStore() {
        return store;
    }

    /** Whether builds that ask for it may have it at the same time as others. */
    public boolean isShared() {
        return shared;
    }

    @DataBoundSetter
    public void setShared(boolean shared) {
        this.shared = shared;
    }

    /** The pasted login, to start from; empty if a store has it already. */
    public Optional<Seed> seed() throws InvalidAuthJsonException {
        Secret pasted = authJson;
        if (store != null && (pasted == null || pasted.getPlainText().isBlank())) {
            return Optional.empty();
        }
        return Optional.of(Seed.parse(pasted == null ? new byte[0] : bytes(pasted), NAME));
    }

    private static byte[] bytes(Secret secret) {
        return secret.getPlainText().getBytes(StandardCharsets.UTF_8);
    }

    /** How the credential is shown in lists. */
    public static final class Name extends CredentialsNameProvider<CodexAccountCredentials> {
        @Override
        public String getName(CodexAccountCredentials credential) {
            String description = Util.fixEmptyAndTrim(credential.getDescription());
            return "Codex account " + credential.getId() + (description == null ? "" : " (" + description + ")");
        }
    }

    /** The type in forms, and in Configuration as Code as {@code codexAccount}. */
    @Extension
    @Symbol("codexAccount")
    public static final class DescriptorImpl extends BaseStandardCredentialsDescriptor {
        @Override
        public String getDisplayName() {
            return "Codex account (auth.json)";
        }

        @Override
        public String getIconClassName() {
            return "symbol-key";
        }

        @Override
        public boolean isApplicable(com.cloudbees.plugins.credentials.CredentialsProvider provider) {
            return !(provider instanceof com.cloudbees.plugins.credentials.UserCredentialsProvider);
        }

        /** What is stored for a credential whose form is shown; null for a new one. */
        public @Nullable AccountState stateOf(@Nullable CodexAccountCredentials credential) {
            StaplerRequest2 request = Stapler.getCurrentRequest2();
            CredentialsStoreAction place =
                    request == null ? null : request.findAncestorObject(CredentialsStoreAction.class);
            if (credential == null || place == null || !(place.getStore().getContext() instanceof ItemGroup<?> group)) {
                return null;
            }
            return AccountState.of(
                    new CodexAccount(
                            group.getFullName(),
                            new CredentialId(credential.getId()),
                            credential,
                            ControllerStores.get().store(group)),
                    Clock.systemUTC().instant());
        }

        /** Which account the form is of: every one of that id, where the form does not say in which place. */
        private static Predicate<CodexAccount> isMeant(StaplerRequest2 request, @Nullable String id) {
            CredentialsStoreAction place = request.findAncestorObject(CredentialsStoreAction.class);
            String group = place != null && place.getStore().getContext() instanceof ItemGroup<?> folder
                    ? folder.getFullName()
                    : null;
            return account -> account.id().value().equals(Util.fixEmptyAndTrim(id))
                    && (group == null || account.place().equals(group));
        }

        /** Looks at a pasted file, and says whose it is. Of one that was saved before, only that. */
        @POST
        public FormValidation doCheckAuthJson(
                StaplerRequest2 request, @QueryParameter @Nullable Secret value, @QueryParameter @Nullable String id) {
            if (value == null || value.getPlainText().isBlank()) {
                return FormValidation.warning("Paste the auth.json that 'codex login' wrote, or choose the file;"
                        + " leave it empty only where a fleet's store has the login.");
            }
            // A form holds what is saved encrypted.
            boolean saved = Secret.decrypt(request.getParameter("value")) != null;
            try {
                AuthJson auth = AuthJson.parse(bytes(value), NAME).requireSeed(NAME);
                String found = "Account " + auth.account().fingerprint()
                        + auth.plan().map(plan -> ", plan " + plan).orElse("") + ", last refreshed "
                        + auth.lastRefresh().truncatedTo(ChronoUnit.SECONDS) + ".";
                if (saved) {
                    return FormValidation.ok("Pasted: " + found);
                }
                Optional<String> other = Accounts.having(auth, isMeant(request, id));
                if (other.isPresent()) {
                    return FormValidation.error(
                            "The account '" + other.get()
                                    + "' has this login already, and a refresh token works once: log in once more for this one.");
                }
                Instant now = Clock.systemUTC().instant();
                return auth.expiresAt().filter(end -> end.isBefore(now)).isPresent()
                        ? FormValidation.warning(
                                found
                                        + " Its access token has ended; if this file was used elsewhere since, its refresh token is used up.")
                        : FormValidation.ok(found + " Use it here only: a refresh token works once.");
            } catch (InvalidAuthJsonException e) {
                return FormValidation.error(e.problem() + "; " + PasteHint.of(e));
            }
        }
    }
}
