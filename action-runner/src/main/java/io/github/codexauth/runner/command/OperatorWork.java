package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.home.Patience;
import io.github.codexauth.login.LoginSettings;
import io.github.codexauth.login.Upkeep;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.job.ConsoleEvents;
import io.github.codexauth.runner.job.LeaseWait;
import io.github.codexauth.runner.storage.Storage;
import io.github.codexauth.session.SessionSettings;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import java.time.Duration;
import java.util.List;

/** What the commands of an operator share: a name to appear under, and the lease to work with. */
final class OperatorWork {
    private final ProcessContext process;
    private final Console console;
    private final String writer;

    OperatorWork(ProcessContext process, String command) {
        this.process = process;
        this.console = new Console(process);
        this.writer = "codex-auth " + command + " on " + process.machine().host() + " (pid "
                + process.machine().processId() + ")";
    }

    Upkeep upkeep(Storage storage, AtRest atRest) {
        return new Upkeep(atRest, storage.rescue(), writer, process.clock(), events());
    }

    /** For work that takes up what killed jobs left; no home is made. */
    SessionSettings sessions(Storage storage, AtRest atRest) {
        return new SessionSettings(
                storage.homes(),
                home -> new byte[0],
                Patience.UNHURRIED,
                new LoginSettings(storage.rescue(), atRest, writer, List.of(), process.clock(), events()));
    }

    private ConsoleEvents events() {
        return new ConsoleEvents(console.messages(), console::hide, process.clock());
    }

    Lease acquire(Storage storage, CredentialId id, Duration wait) throws CodexAuthException, InterruptedException {
        Holder holder = new Holder(writer, process.clock().instant());
        return new LeaseWait(storage.store(), holder, console.messages()).acquireAny(List.of(id), wait);
    }
}
