package io.github.codexauth.runner.doctor;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.login.LoginNeededException;
import io.github.codexauth.runner.console.Age;
import io.github.codexauth.runner.storage.Storage;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.Encryption;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the store would take a refreshed login, and what state the logins in it are in. */
public final class StoreFindings {
    /** Machines whose clocks are kept right differ by far less. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    private StoreFindings() {}

    public static List<Finding> look(Storage storage, AtRest atRest, Clock clock) throws CodexAuthException {
        List<Finding> findings = new ArrayList<>();
        List<CredentialId> ids = storage.store().list();
        findings.add(Finding.fine("the store " + storage.store().address() + " holds " + ids.size()
                + (ids.size() == 1 ? " credential" : " credentials")));
        for (CredentialId id : ids) {
            findings.addAll(credential(storage, id, clock));
        }
        if (atRest.encryption() == Encryption.NONE && !storage.encrypts()) {
            findings.add(
                    Finding.weak(
                            storage.isOnThisMachine()
                                    ? "logins are protected by file permissions alone"
                                    : "logins lie unencrypted on the store's server, and in its back-ups",
                            "encrypt them: codex-auth keygen --output identity.txt, then --age-recipient and --age-identity-file"));
        }
        return findings;
    }

    private static List<Finding> credential(Storage storage, CredentialId id, Clock clock) {
        List<Finding> findings = new ArrayList<>();
        try {
            Holder holder = new Holder("codex-auth doctor", clock.instant());
            try (Lease lease = storage.store().acquire(id, holder, Duration.ZERO, busy -> {})) {
                lease.proveWritable();
                findings.add(Finding.fine("'" + id + "' is free and can be written"));
            } catch (CredentialBusyException busy) {
                findings.add(Finding.fine(busy.problem()));
            }
            Optional<Envelope> envelope = storage.store().peek(id);
            if (envelope.isPresent()) {
                health(envelope.get(), clock.instant()).ifPresent(findings::add);
            }
        } catch (CodexAuthException e) {
            findings.add(Finding.wrong(e.problem(), e.hint()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int copies = storage.rescue().copies(id).size();
        if (copies > 0) {
            findings.add(Finding.wrong(
                    "'" + id + "' has " + copies + " rescue " + (copies == 1 ? "copy" : "copies") + " on this machine",
                    "the next job here takes up what it can; look: codex-auth rescue --list --id " + id));
        }
        aside(storage, id).ifPresent(findings::add);
        return findings;
    }

    /** What no job was given, and may be the only valid login all the same. */
    private static Optional<Finding> aside(Storage storage, CredentialId id) {
        try {
            int strays = storage.rescue().inStore(id).size();
            return strays == 0
                    ? Optional.empty()
                    : Optional.of(Finding.wrong(
                            strays + (strays == 1 ? " login lies" : " logins lie") + " beside '" + id
                                    + "' in the store",
                            "look at what each is, and take it or remove it: codex-auth rescue --list --id " + id));
        } catch (StoreException e) {
            return Optional.of(Finding.wrong(
                    "what lies beside '" + id + "' in the store cannot be seen: " + e.problem(), e.hint()));
        }
    }

    private static Optional<Finding> health(Envelope envelope, Instant now) {
        return envelope.needsLogin()
                .map(needs -> Finding.wrong(
                        LoginNeededException.describe(envelope.id(), needs),
                        LoginNeededException.whatToDo(envelope.id(), needs)))
                .or(() -> age(envelope, now));
    }

    private static Optional<Finding> age(Envelope envelope, Instant now) {
        if (envelope.savedAt().isAfter(now.plus(CLOCKS_DIFFER))) {
            return Optional.of(Finding.wrong(
                    "'" + envelope.id() + "' was saved " + Age.of(envelope.savedAt(), now)
                            + ": this machine's clock, or the other's, is wrong",
                    "set the clock: timedatectl set-ntp true"));
        }
        return envelope.expiresAt()
                .filter(expiry -> expiry.isBefore(now))
                .map(expiry -> Finding.weak(
                        "the access token of '" + envelope.id() + "' ended " + Age.of(expiry, now),
                        "the next job refreshes it; to see whether that works: codex-auth keepalive --id "
                                + envelope.id()));
    }
}
