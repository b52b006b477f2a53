package io.github.codexauth.stores.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.Attempts;
import io.github.codexauth.stores.remote.Failure;
import io.github.codexauth.stores.remote.Turmoil;
import java.time.Instant;
import java.util.Optional;

/**
 * Objects that several machines change: each is read, judged, and put back only if nobody came between. Whoever
 * judges has to recognise his own work, since an answer may be lost and the object be judged again.
 */
record Objects(ApiServer server) {
    /** What is to become of an object. */
    record Step<T>(Optional<ObjectNode> write, T answer) {
        /** Nothing. */
        static <T> Step<T> leave(T answer) {
            return new Step<>(Optional.empty(), answer);
        }

        static <T> Step<T> write(ObjectNode next, T answer) {
            return new Step<>(Optional.of(next), answer);
        }
    }

    /** Judges an object. */
    @FunctionalInterface
    interface Judge<T> {
        /**
         * @param stored a copy, to be changed at will; empty if there is none
         * @param now by the server's clock
         */
        Step<T> judge(Optional<ObjectNode> stored, Instant now);
    }

    /**
     * Changes an object, again and again until it is done.
     *
     * @throws StoreUnavailableException if the server refuses it, or no answer comes in time
     */
    <T> T change(Resource resource, String name, Judge<T> judge) throws StoreUnavailableException {
        return Attempts.repeat(() -> changeOnce(resource, name, judge));
    }

    /** As the other, but gives up when a call is not answered. */
    <T> T changeOnce(Resource resource, String name, Judge<T> judge) throws Failure {
        Turmoil turmoil = new Turmoil("'" + name + "' in " + server.address());
        while (true) {
            Answer read = server.get(resource, name);
            boolean absent = read.outcome() == Answer.Outcome.ABSENT;
            Step<T> step = judge.judge(absent ? Optional.empty() : Optional.of(read.body()), read.at());
            if (step.write().isEmpty()) {
                return step.answer();
            }
            Answer written = absent
                    ? server.create(resource, step.write().get())
                    : server.replace(resource, step.write().get());
            if (written.outcome() == Answer.Outcome.DONE) {
                return step.answer();
            }
            turmoil.pause();
        }
    }

    /** Reads an object; empty if there is none. */
    Optional<ObjectNode> read(Resource resource, String name) throws StoreUnavailableException {
        Answer answer = Attempts.repeat(() -> server.get(resource, name));
        return answer.outcome() == Answer.Outcome.ABSENT ? Optional.empty() : Optional.of(answer.body());
    }
}
