package io.github.codexauth.stores.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.kubernetes.Objects.Step;
import io.github.codexauth.stores.remote.Attempts;
import io.github.codexauth.stores.remote.Failure;
import io.github.codexauth.stores.remote.Tickets;
import io.github.codexauth.stores.remote.Tickets.Ticket;
import io.github.codexauth.stores.remote.WaitingLine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * The line of those who wait, and the bell that wakes the next of them. Both are objects of their own: only the bell
 * is watched, and it rings only when a credential is given back.
 */
record Line(Objects objects, Names names) implements WaitingLine {
    private static final String TICKETS = "tickets";
    private static final String NEXT = "next";
    private static final String RING = "ring";

    /** Also those behind the next, should he be gone. */
    private static final int WOKEN = 3;

    /** The server counts in seconds. */
    private static final Duration SHORTEST_WATCH = Duration.ofSeconds(1);

    @Override
    public Tickets tickets() throws StoreUnavailableException {
        return Attempts.repeat(this::lookOnce);
    }

    private Tickets lookOnce() throws Failure {
        Answer answer = objects.server().get(Resource.LEASES, names.line());
        return tickets(Optional.of(answer.body()), answer.at());
    }

    private static Tickets tickets(Optional<ObjectNode> line, Instant now) {
        return line.flatMap(object -> Metadata.annotation(object, TICKETS))
                .map(text -> Tickets.parse(text, now))
                .orElse(Tickets.NONE);
    }

    @Override
    public Tickets changeOnce(Change change) throws Failure {
        return objects.changeOnce(Resource.LEASES, names.line(), (stored, now) -> {
            Tickets before = tickets(stored, now);
            Tickets after = change.of(before, now);
            if (after.equals(before)) {
                return Step.leave(after);
            }
            ObjectNode line = stored.orElseGet(() -> objects.server().object(Resource.LEASES, names.line()));
            Metadata.annotate(line, TICKETS, Optional.of(after.text()));
            return Step.write(line, after);
        });
    }

    /**
     * A credential was given back: wakes the next who want it, if there are any. Tries once: who is not woken looks
     * by himself.
     */
    @Override
    public void ring(CredentialId id) {
        try {
            String next = lookOnce().before("", List.of(id)).stream()
                    .limit(WOKEN)
                    .map(Ticket::word)
                    .collect(Collectors.joining(","));
            if (!next.isEmpty()) {
                objects.changeOnce(Resource.LEASES, names.bell(), (stored, now) -> {
                    ObjectNode bell = stored.orElseGet(() -> objects.server().object(Resource.LEASES, names.bell()));
                    Metadata.annotate(bell, NEXT, Optional.of(next));
                    // The same people may be next again, and what is put back as it was nobody hears.
                    Metadata.annotate(bell, RING, Optional.of(PrivateFiles.randomHex(8)));
                    return Step.write(bell, true);
                });
            }
        } catch (Failure unheard) {
            return;
        }
    }

    /** Empty also if there is none, and we may make none. */
    @Override
    public Optional<String> bell() throws StoreUnavailableException {
        Optional<ObjectNode> bell = objects.read(Resource.LEASES, names.bell());
        if (bell.isPresent()) {
            return bell.map(Metadata::version);
        }
        try {
            ObjectNode fresh = objects.server().object(Resource.LEASES, names.bell());
            Answer made = objects.server().create(Resource.LEASES, fresh);
            return made.outcome() == Answer.Outcome.DONE
                    ? Optional.of(Metadata.version(made.body()))
                    : Optional.empty();
        } catch (Failure withoutOne) {
            return Optional.empty();
        }
    }

    @Override
    public void awaitBell(String word, Optional<String> since, Duration withBell, Duration without)
            throws InterruptedException {
        if (since.isPresent() && withBell.compareTo(SHORTEST_WATCH) >= 0) {
            try {
                objects.server().watch(Resource.LEASES, names.bell(), since.get(), withBell, bell -> isFor(word, bell));
                return;
            } catch (Failure unwatched) {
                // Who may not watch, or meets a server that does not answer, looks again after a while.
                sleep(without);
                return;
            }
        }
        sleep(without);
    }

    private static boolean isFor(String word, JsonNode bell) {
        return Metadata.annotation(bell, NEXT)
                .filter(next -> List.of(next.split(",")).contains(word))
                .isPresent();
    }

    private static void sleep(Duration about) throws InterruptedException {
        long millis = Math.max(1, about.toMillis());
        Thread.sleep(millis - ThreadLocalRandom.current().nextLong(millis / 5 + 1));
    }
}
