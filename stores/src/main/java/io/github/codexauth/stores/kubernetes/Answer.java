package io.github.codexauth.stores.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * What the API server answered.
 *
 * @param outcome what became of what was asked for
 * @param body the object; a Status where there is none
 * @param at when, by the server's clock and to the second: the only clock by which leases end
 */
record Answer(Outcome outcome, ObjectNode body, Instant at) {
    /** Answers that are none of a failure. */
    enum Outcome {
        DONE,
        /** There is no such object. */
        ABSENT,
        /** It was changed, or made, by somebody else meanwhile. */
        CHANGED
    }
}
