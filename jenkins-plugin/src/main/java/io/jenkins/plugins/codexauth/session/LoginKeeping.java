package io.jenkins.plugins.codexauth.session;

import hudson.model.TaskListener;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.login.LoanedLogin;
import io.github.codexauth.login.LoginSettings;
import io.github.codexauth.login.RescueArea;
import io.github.codexauth.login.SessionId;
import io.github.codexauth.login.Upkeep;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.StoreUnavailableException;
import io.jenkins.plugins.codexauth.account.Accounts;
import io.jenkins.plugins.codexauth.agent.SessionSecrets;
import io.jenkins.plugins.codexauth.lease.BuildOwners;
import io.jenkins.plugins.codexauth.lease.JenkinsCredentialStore;
import java.time.Clock;
import java.util.List;

/** How this controller keeps logins: encrypted with its own key, and with a rescue area beside each. */
final class LoginKeeping {
    private final AtRest atRest = AtRest.by(new JenkinsSealer());

    /**
     * What a loan needs to know.
     *
     * @param session in whose output the login's tokens are hidden
     * @param writer who has it, for the records
     */
    LoginSettings settings(
            JenkinsCredentialStore store, CredentialId id, String session, String writer, TaskListener log) {
        return new LoginSettings(
                rescue(store, id),
                atRest,
                writer,
                LoginSettings.USUAL_RETRIES,
                Clock.systemUTC(),
                new BuildLog(log, secrets -> SessionSecrets.of(session).add(secrets)));
    }

    /**
     * Takes up the loan of a session that began earlier.
     *
     * @param files what its home has, none if that is not known yet
     */
    LoanedLogin resume(
            SessionRecord record, JenkinsCredentialStore store, Lease lease, List<byte[]> files, TaskListener log)
            throws CodexAuthException {
        return LoanedLogin.resume(
                store,
                lease,
                new SessionId(record.session()),
                record.start(),
                files,
                settings(store, lease.id(), record.session(), BuildOwners.describe(record.owner()), log));
    }

    /** What an operator may do to a login. */
    Upkeep upkeep(JenkinsCredentialStore store, CredentialId id, String writer, TaskListener log) {
        return new Upkeep(atRest, rescue(store, id), writer, Clock.systemUTC(), new BuildLog(log, secrets -> {}));
    }

    /** Where a session's login is kept. */
    static JenkinsCredentialStore store(SessionRecord record) throws StoreUnavailableException {
        String place = String.valueOf(record.place());
        return Accounts.store(place)
                .orElseThrow(() -> new StoreUnavailableException(
                        "the folder '" + place + "' of credential '" + record.credential() + "' is gone",
                        "give the job a credential that exists"));
    }

    private static RescueArea rescue(JenkinsCredentialStore store, CredentialId id) {
        return new RescueArea(() -> store.folder(id).resolve("rescue"));
    }
}
