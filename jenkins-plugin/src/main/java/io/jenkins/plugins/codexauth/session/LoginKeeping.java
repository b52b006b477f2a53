package io.jenkins.plugins.codexauth.session;

import hudson.model.TaskListener;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.SecretText;
import io.github.codexauth.login.LoanedLogin;
import io.github.codexauth.login.LoginSettings;
import io.github.codexauth.login.SessionId;
import io.github.codexauth.login.Upkeep;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.StoreUnavailableException;
import io.jenkins.plugins.codexauth.account.Accounts;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.account.LoginPlace;
import io.jenkins.plugins.codexauth.agent.SessionSecrets;
import io.jenkins.plugins.codexauth.lease.BuildOwners;
import io.jenkins.plugins.codexauth.lease.JenkinsCredentialStore;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** How this controller keeps logins: encrypted with its own key, and with a rescue area beside each. */
final class LoginKeeping {
    private final LongAdder refreshes = new LongAdder();

    /**
     * What a loan needs to know.
     *
     * @param hide is given the login's tokens
     * @param writer who has it, for the records
     */
    LoginSettings settings(LoginPlace place, Consumer<List<SecretText>> hide, String writer, TaskListener log) {
        return new LoginSettings(
                place.rescue(),
                place.atRest(),
                writer,
                LoginSettings.USUAL_RETRIES,
                Clock.systemUTC(),
                new BuildLog(log, hide, refreshes::increment));
    }

    /** As the other, for a session that began earlier. */
    LoginSettings settings(SessionRecord record, LoginPlace place, TaskListener log) {
        return settings(place, hiding(record), BuildOwners.describe(record.owner()), log);
    }

    /** How many refreshes were stored since this process began. */
    long refreshes() {
        return refreshes.sum();
    }

    /**
     * Takes up the loan of a session that began earlier.
     *
     * @param files what its home has, none if that is not known yet
     */
    LoanedLogin resume(SessionRecord record, LoginPlace place, Lease lease, List<byte[]> files, TaskListener log)
            throws CodexAuthException {
        return LoanedLogin.resume(
                place.store(),
                lease,
                new SessionId(record.session()),
                record.start(),
                files,
                settings(record, place, log));
    }

    /** In a session's output, and without telling its agent of a refresh token that it has not got. */
    static Consumer<List<SecretText>> hiding(SessionRecord record) {
        SessionSecrets secrets = SessionSecrets.of(record.session());
        return record.access() == null ? secrets::add : secrets::addHere;
    }

    /** What an operator may do to a login. */
    Upkeep upkeep(JenkinsCredentialStore store, CredentialId id, String writer, TaskListener log) {
        LoginPlace here = LoginPlace.here(store, id);
        return new Upkeep(here.atRest(), here.rescue(), writer, Clock.systemUTC(), new BuildLog(log, secrets -> {}));
    }

    /**
     * Where a session's login is. If its credential is gone, that is this controller, so that nothing is lost.
     *
     * @throws CodexAuthException if it is elsewhere, and that cannot be used
     */
    static LoginPlace place(SessionRecord record) throws CodexAuthException {
        String place = String.valueOf(record.place());
        CredentialId id = new CredentialId(String.valueOf(record.credential()));
        Optional<CodexAccount> account = Accounts.find(place, id.value());
        if (account.isPresent()) {
            return account.get().logins();
        }
        return LoginPlace.here(store(record), id);
    }

    /** Whether a session's login is in a store on a server. */
    static boolean isElsewhere(SessionRecord record) {
        return Accounts.find(String.valueOf(record.place()), String.valueOf(record.credential()))
                .filter(CodexAccount::isElsewhere)
                .isPresent();
    }

    /** Who has a session's login on this controller. */
    static JenkinsCredentialStore store(SessionRecord record) throws StoreUnavailableException {
        String place = String.valueOf(record.place());
        return Accounts.store(place)
                .orElseThrow(() -> new StoreUnavailableException(
                        "the folder '" + place + "' of credential '" + record.credential() + "' is gone",
                        "give the job a credential that exists"));
    }
}
