package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.login.Upkeep;
import io.github.codexauth.runner.job.ConsoleEvents;
import io.github.codexauth.runner.job.LeaseQueue;
import io.github.codexauth.runner.storage.Storage;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import java.time.Duration;
import java.util.List;

/** What the commands of an operator share: a name to appear under, and the lease to work with. */
final class OperatorWork {
    private final Surroundings here;
    private final Console console;
    private final String writer;

    OperatorWork(Surroundings here, String command) {
        this.here = here;
        this.console = new Console(here);
        this.writer = "codex-auth " + command + " on " + here.machine().host() + " (pid "
                + here.machine().processId() + ")";
    }

    Upkeep upkeep(Storage storage, AtRest atRest) {
        ConsoleEvents events = new ConsoleEvents(console.messages(), console::hide, here.clock());
        return new Upkeep(atRest, storage.rescue(), writer, here.clock(), events);
    }

    Lease acquire(Storage storage, CredentialId id, Duration wait) throws CodexAuthException, InterruptedException {
        Holder holder = new Holder(writer, here.clock().instant());
        return new LeaseQueue(storage.store(), holder, console.messages()).acquireAny(List.of(id), wait);
    }
}
