package io.github.codexauth.runner.workflow;

import io.github.codexauth.CredentialId;
import io.github.codexauth.UsageException;
import io.github.codexauth.login.LoginNeededException;
import io.github.codexauth.login.Safety;
import io.github.codexauth.runner.console.Age;
import io.github.codexauth.session.SessionEnd;
import io.github.codexauth.store.Envelope;
import java.time.Clock;

/** What a workflow may know of a session: its outputs for other steps, and a table on the run's summary page. */
public final class StepReport {
    private final StepFiles files;
    private final Clock clock;

    public StepReport(StepFiles files, Clock clock) {
        this.files = files;
        this.clock = clock;
    }

    /** Tells which login the steps that follow get. */
    public void opened(Envelope login) throws UsageException {
        files.output("account", login.account());
        files.output("expires-at", login.expiresAt().map(Object::toString).orElse(""));
    }

    /** Tells how it ended. */
    public void ended(SessionEnd end) throws UsageException {
        boolean saved = end.safety() == Safety.STORED;
        opened(end.current());
        files.output("refreshed", String.valueOf(end.refreshed()));
        files.output("saved", String.valueOf(saved));
        files.summary(() -> table(end, saved));
    }

    private String table(SessionEnd end, boolean saved) {
        Envelope login = end.current();
        String due = login.expiresAt()
                .map(expiry -> Age.of(expiry, clock.instant()) + " (" + expiry + ")")
                .orElse("unknown");
        return """
                ### Codex login `%s`

                | account | refreshed in this run | next refresh due | saved generation |
                |---|---|---|---|
                | `%s` | %s | %s | %s |

                %s""".formatted(
                        login.id(),
                        login.account(),
                        end.refreshed() ? "yes" : "no",
                        due,
                        saved ? String.valueOf(login.generation()) : ":warning: not saved, see the log",
                        health(end));
    }

    private static String health(SessionEnd end) {
        CredentialId id = end.current().id();
        return end.current()
                .needsLogin()
                .map(needs -> ":warning: " + LoginNeededException.describe(id, needs) + "; "
                        + LoginNeededException.whatToDo(id, needs) + "\n\n")
                .orElse(
                        end.loginGone() && end.check().isEmpty()
                                ? ":warning: the job has removed `auth.json`; whether it revoked the login, too, is not known\n\n"
                                : "");
    }
}
