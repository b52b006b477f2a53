package io.github.codexauth.stores.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.Failure;
import io.github.codexauth.stores.remote.ServerJson;
import io.github.codexauth.stores.remote.Tickets;
import io.github.codexauth.stores.remote.Tickets.Ticket;
import io.github.codexauth.stores.remote.WaitingLine;
import io.github.codexauth.stores.vault.Entries.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.StreamSupport;

/**
 * The line of those who wait, in one entry. Nothing can be watched, so that the bell is in it, too: a word that is
 * another one whenever a credential was given back, and for whom it rang. Who waits looks at this entry alone, and at
 * the leases when it rang.
 */
record Line(Entries entries) implements WaitingLine {
    static final String NAME = "line";

    private static final String TICKETS = "tickets";
    private static final String RING = "ring";
    private static final String NEXT = "next";

    /** Also those behind the next, should he be gone. */
    private static final int WOKEN = 3;

    @Override
    public Tickets tickets() throws StoreUnavailableException {
        Entry line = entries.read(NAME);
        return tickets(line.content(), line.at());
    }

    private static Tickets tickets(Optional<ObjectNode> line, Instant now) {
        return line.map(content -> Tickets.parse(content.path(TICKETS).asText(), now))
                .orElse(Tickets.NONE);
    }

    @Override
    public Tickets changeOnce(Change change) throws Failure {
        return entries.changeOnce(NAME, read -> {
            Tickets before = tickets(read.content(), read.at());
            Tickets after = change.of(before, read.at());
            return after.equals(before)
                    ? Step.leave(after)
                    : Step.write(content(read).put(TICKETS, after.text()), after);
        });
    }

    private static ObjectNode content(Entry read) {
        return read.content().map(ObjectNode::deepCopy).orElseGet(ServerJson::object);
    }

    /**
     * A credential was given back: wakes the next who want it, if there are any. Tries once: who is not woken looks by
     * himself.
     */
    @Override
    public void ring(CredentialId id) {
        try {
            ringOnce(id);
        } catch (Failure unheard) {
            return;
        }
    }

    private void ringOnce(CredentialId id) throws Failure {
        entries.changeOnce(NAME, read -> {
            List<String> next = tickets(read.content(), read.at()).before("", List.of(id)).stream()
                    .limit(WOKEN)
                    .map(Ticket::word)
                    .toList();
            if (next.isEmpty()) {
                return Step.leave(false);
            }
            ObjectNode rung = content(read).put(RING, PrivateFiles.randomHex(8));
            next.forEach(rung.putArray(NEXT)::add);
            return Step.write(rung, true);
        });
    }

    @Override
    public Optional<String> bell() throws StoreUnavailableException {
        return Optional.of(word(entries.read(NAME)));
    }

    private static String word(Entry line) {
        return line.content().map(content -> content.path(RING).asText()).orElse("");
    }

    /** @param without how often to listen */
    @Override
    public void awaitBell(String word, Optional<String> since, Duration withBell, Duration without)
            throws InterruptedException {
        long end = System.nanoTime() + withBell.toNanos();
        do {
            Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
            sleep(without.compareTo(left) < 0 ? without : left);
        } while (System.nanoTime() - end < 0 && since.isPresent() && !hasRung(word, since.get()));
    }

    private boolean hasRung(String word, String since) {
        try {
            Entry line = entries.read(NAME);
            return !word(line).equals(since)
                    && StreamSupport.stream(
                                    line.content().orElseThrow().path(NEXT).spliterator(), false)
                            .anyMatch(next -> next.asText().equals(word));
        } catch (StoreUnavailableException silent) {
            // Then the next look tells.
            return false;
        }
    }

    private static void sleep(Duration about) throws InterruptedException {
        long millis = Math.max(1, about.toMillis());
        Thread.sleep(millis - ThreadLocalRandom.current().nextLong(millis / 5 + 1));
    }
}
