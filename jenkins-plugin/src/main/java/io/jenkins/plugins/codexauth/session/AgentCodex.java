package io.jenkins.plugins.codexauth.session;

import io.github.codexauth.AuthJson;
import io.github.codexauth.codex.Diagnosis;
import io.github.codexauth.login.LoanedLogin;
import io.github.codexauth.session.LoginRefresh;
import io.jenkins.plugins.codexauth.agent.RefreshLogin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The Codex on a session's agent, which refreshes the login in the session's home; what it writes is stored before it
 * is judged.
 */
final class AgentCodex implements LoginRefresh.Attempt {
    private final AgentHome home;
    private final LoanedLogin login;
    private Optional<String> missing = Optional.empty();

    AgentCodex(AgentHome home, LoanedLogin login) {
        this.home = home;
        this.login = login;
    }

    @Override
    public Diagnosis make(boolean force) throws InterruptedException {
        try {
            RefreshLogin.Answer answer = home.refresh(force);
            missing = answer.missing();
            login.offer(answer.authJson().filter(file -> file.length <= AuthJson.LONGEST));
            return answer.diagnosis();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Why nobody could be asked, if so. */
    Optional<String> missing() {
        return missing;
    }
}
