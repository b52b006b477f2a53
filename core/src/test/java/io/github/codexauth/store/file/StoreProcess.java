package io.github.codexauth.store.file;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.DetachableLease;
import io.github.codexauth.store.DetachableStore;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** A process that uses a {@link FileCredentialStore} as the test tells it, and may be killed at any instant. */
final class StoreProcess {
    private static final CredentialId ID = new CredentialId("codex-ci");
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private StoreProcess() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        FileCredentialStore store = FileCredentialStore.openIn(folder, Clock.systemUTC());
        switch (arguments[0]) {
            case "hold" -> hold(store, new Holder(arguments[2], Instant.parse(arguments[3])));
            case "leave" -> leave(store, new Holder(arguments[2], Instant.parse(arguments[3])));
            case "take a turn" -> takeATurn(store, arguments[2], Path.of(arguments[3]), arguments[4].equals("dies"));
            case "save for ever" -> saveForEver(store);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Holds the credential until stdin ends. */
    private static void hold(CredentialStore store, Holder holder) throws Exception {
        try (Lease lease = store.acquire(ID, holder, PATIENCE, StoreProcess::say)) {
            say("HELD " + lease.id());
            awaitSign();
        }
    }

    /** Ends with the lease detached for an hour. */
    private static void leave(DetachableStore store, Holder holder) throws Exception {
        DetachableLease lease = store.acquire(ID, holder, PATIENCE, StoreProcess::say);
        say("CLAIM " + lease.detach(Duration.ofHours(1)).value());
    }

    /** One job in the queue: in, save a generation, out. The log says who was in when, in the order of the kernel. */
    private static void takeATurn(CredentialStore store, String name, Path log, boolean dies) throws Exception {
        try (Lease lease = store.acquire(ID, new Holder(name, Instant.now()), PATIENCE, StoreProcess::say)) {
            write(log, "enter " + name);
            Revision before = Revision.of(lease.load());
            if (dies) {
                say("INSIDE");
                awaitSign();
            }
            if (lease.save(before, Records.generation(ID, before.generation() + 1)) != SaveResult.SAVED) {
                throw new IllegalStateException("not saved");
            }
            write(log, "leave " + name);
        }
    }

    private static void saveForEver(CredentialStore store) throws Exception {
        try (Lease lease = store.acquire(ID, new Holder("writer", Instant.now()), PATIENCE, StoreProcess::say)) {
            Revision stored = Revision.of(lease.load());
            CredentialRecord next = Records.generation(ID, stored.generation() + 1);
            while (lease.save(stored, next) == SaveResult.SAVED) {
                say("SAVED " + next.envelope().generation());
                stored = Revision.of(next);
                next = Records.generation(ID, stored.generation() + 1);
            }
            throw new IllegalStateException("not saved");
        }
    }

    private static void say(Occupancy occupancy) {
        say("WAITING FOR " + occupancy.holder().description() + " since "
                + occupancy.holder().since());
    }

    private static void say(String line) {
        // One write a line, so that a kill leaves whole lines.
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
    }

    private static void awaitSign() throws Exception {
        System.in.readAllBytes();
    }

    private static void write(Path log, String line) throws Exception {
        Files.writeString(log, line + " " + System.nanoTime() + "\n", StandardOpenOption.APPEND);
    }
}
