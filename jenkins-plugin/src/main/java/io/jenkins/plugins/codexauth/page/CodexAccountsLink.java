package io.jenkins.plugins.codexauth.page;

import hudson.Extension;
import hudson.model.Api;
import hudson.model.Failure;
import hudson.model.ManagementLink;
import hudson.security.Permission;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.jenkins.plugins.codexauth.account.AccountState;
import io.jenkins.plugins.codexauth.account.Accounts;
import io.jenkins.plugins.codexauth.account.Moment;
import io.jenkins.plugins.codexauth.lease.JenkinsCredentialStore;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import io.jenkins.plugins.codexauth.session.LeftBehind;
import io.jenkins.plugins.codexauth.session.LeftHomes;
import io.jenkins.plugins.codexauth.trust.AuditLine;
import io.jenkins.plugins.codexauth.trust.AuditLog;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.HttpRedirect;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** Manage Jenkins, Codex accounts: every account, how its login does, who has it, and what to do about it. */
@Extension
@ExportedBean
@Symbol("codexAccounts")
public final class CodexAccountsLink extends ManagementLink implements StaplerProxy {
    static final String URL = "codex-accounts";
    private static final int REQUESTS_SHOWN = 20;
    private static final Logger LOGGER = Logger.getLogger(CodexAccountsLink.class.getName());

    @Override
    public String getIconFileName() {
        return "symbol-key";
    }

    @Override
    public String getDisplayName() {
        return "Codex accounts";
    }

    @Override
    public String getDescription() {
        return "The logins that builds give to the Codex CLI: how long they last, and which build has which.";
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    @Override
    public Category getCategory() {
        return Category.SECURITY;
    }

    @Override
    public Permission getRequiredPermission() {
        return Jenkins.MANAGE;
    }

    /** Lets in who may manage Jenkins. */
    @Override
    public Object getTarget() {
        Jenkins.get().checkPermission(getRequiredPermission());
        return this;
    }

    /** The accounts that the request's address asks for. */
    public AccountsView getView() {
        return AccountsView.of(
                AccountsQuery.of(Stapler.getCurrentRequest2()),
                Clock.systemUTC().instant());
    }

    /** The page for machines, at {@code api/json}, for whoever may see the page. */
    public Api getApi() {
        return new Api(this);
    }

    /** The accounts that the request's address asks for: all of them, unless it names a page. */
    @Exported
    public List<AccountHealth> getAccounts() {
        return getView().states().stream()
                .map(state -> new AccountHealth(state, BuildSessions.get().sharing(state.getPlace(), state.getId())))
                .toList();
    }

    /** Stored logins whose credentials are gone. */
    public List<AccountState> getForgotten() {
        return Forgotten.all(Clock.systemUTC().instant());
    }

    /** Logins whose newest state may be on an agent that is away. */
    public List<LeftBehind> getLeftBehind() {
        return LeftHomes.get().away();
    }

    /** Which builds asked last, the newest first. */
    public List<AuditLine> getLastRequests() {
        return Requests.latest(AuditLog.get(), REQUESTS_SHOWN);
    }

    /** When a build asked. */
    public String exact(AuditLine request) {
        return new Moment(request.time(), request.time()).exact();
    }

    /** Goes back to the generation before the stored one. */
    @RequirePOST
    public HttpResponse doGoBack(
            @QueryParameter(required = true) String place, @QueryParameter(required = true) String id) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return change(place, id, "go back one generation", (store, lease) -> {
            Optional<Envelope> now = BuildSessions.get()
                    .upkeep(
                            store,
                            lease.id(),
                            "administrator " + Jenkins.getAuthentication2().getName())
                    .goBack(lease);
            return now.isPresent() ? null : "There is no generation before the stored one.";
        });
    }

    /** Removes a stored login whose credential is gone. */
    @RequirePOST
    public HttpResponse doForget(
            @QueryParameter(required = true) String place, @QueryParameter(required = true) String id) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return change(place, id, "forget the stored login", (store, lease) -> {
            if (Accounts.isThere(place, lease.id().value())) {
                return "The login belongs to a credential. Delete the credential first.";
            }
            store.forget(lease);
            return null;
        });
    }

    /** Something done to a login that nobody else has meanwhile. */
    private interface Change {
        /** @return why nothing was done; null if it was */
        @Nullable
        String make(JenkinsCredentialStore store, Lease lease) throws CodexAuthException;
    }

    private static HttpResponse change(String place, String id, String what, Change change) {
        JenkinsCredentialStore store =
                Accounts.store(place).orElseThrow(() -> new Failure("There is no such folder any more."));
        String user = Jenkins.getAuthentication2().getName();
        Holder holder = new Holder(user + ", to " + what, Clock.systemUTC().instant());
        try (Lease lease = store.acquire(credential(id), holder, Duration.ZERO, busy -> {})) {
            String refusal = change.make(store, lease);
            if (refusal != null) {
                throw new Failure(refusal);
            }
            LOGGER.log(Level.INFO, "{0}: {1}: {2}", new Object[] {user, what, store.address() + ", " + lease.id()});
            return new HttpRedirect(".");
        } catch (CredentialBusyException e) {
            throw new Failure(e.problem() + ". Try again when it has ended.");
        } catch (CodexAuthException e) {
            throw new Failure(e.problem() + ". " + e.hint());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Jenkins is going down.");
        }
    }

    private static CredentialId credential(String id) {
        try {
            return new CredentialId(id);
        } catch (IllegalArgumentException e) {
            throw new Failure(String.valueOf(e.getMessage()));
        }
    }
}
