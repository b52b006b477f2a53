package io.github.codexauth.stores.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * What the server answered.
 *
 * @param outcome what became of what was asked for
 * @param body the whole answer
 * @param at when, by the server's clock and to the second: the only clock by which leases end
 */
record Answer(Outcome outcome, ObjectNode body, Instant at) {
    /** Answers that are none of a failure. */
    enum Outcome {
        DONE,
        /** There is no such entry, or its last version was deleted. */
        ABSENT,
        /** Somebody else has written another version meanwhile. */
        CHANGED
    }
}
