package io.github.codexauth.stores.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.Attempts;
import io.github.codexauth.stores.remote.Failure;
import io.github.codexauth.stores.remote.Turmoil;
import java.util.Optional;

/**
 * Entries that several machines change: each is read, judged, and put back only if nobody came between. Whoever judges
 * has to recognise his own work, since an answer may be lost and the entry be judged again.
 *
 * <p>What is read may be old, where a standby answers. A write that names its version proves that it was not; so does a
 * touch, which writes what is there once more.
 */
record Entries(VaultServer server) {
    /**
     * What is to become of an entry.
     *
     * @param write empty for nothing
     */
    record Step<T>(Optional<ObjectNode> write, T answer) {
        /** Nothing; the answer may rest on an old entry. */
        static <T> Step<T> leave(T answer) {
            return new Step<>(Optional.empty(), answer);
        }

        /** The answer rests on the newest one. */
        static <T> Step<T> write(ObjectNode next, T answer) {
            return new Step<>(Optional.of(next), answer);
        }
    }

    /** Judges an entry. */
    @FunctionalInterface
    interface Judge<T> {
        Step<T> judge(Entry read);
    }

    /** Reads an entry. */
    Entry read(String name) throws StoreUnavailableException {
        return Attempts.repeat(() -> readOnce(name));
    }

    Entry readOnce(String name) throws Failure {
        Answer answer = server.read(name);
        JsonNode data = answer.body().path("data");
        Optional<ObjectNode> content =
                data.path("data") instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        return new Entry(content, data.at("/metadata/version").asLong(), answer.at());
    }

    /** @return whether it was put in the place of what was read */
    boolean writeOnce(String name, Entry read, ObjectNode next) throws Failure {
        return server.write(name, read.version(), next).outcome() == Answer.Outcome.DONE;
    }

    /**
     * Changes an entry, again and again until it is done.
     *
     * @throws StoreUnavailableException if the server refuses it, or no answer comes in time
     */
    <T> T change(String name, Judge<T> judge) throws StoreUnavailableException {
        return Attempts.repeat(() -> changeOnce(name, judge));
    }

    /** As the other, but gives up when a call is not answered. */
    <T> T changeOnce(String name, Judge<T> judge) throws Failure {
        Turmoil turmoil = turmoil(name);
        while (true) {
            Entry read = readOnce(name);
            Step<T> step = judge.judge(read);
            if (step.write().isEmpty() || writeOnce(name, read, step.write().get())) {
                return step.answer();
            }
            turmoil.pause();
        }
    }

    Turmoil turmoil(String name) {
        return new Turmoil("'" + name + "' in " + server.address());
    }
}
