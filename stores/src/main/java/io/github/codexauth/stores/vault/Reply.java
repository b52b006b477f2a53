package io.github.codexauth.stores.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An answer as it came.
 *
 * @param body empty if it is no object
 * @param at when, by the server's clock; empty if it does not say
 * @param rest for how long the server wants to hear nothing
 */
record Reply(int status, ObjectNode body, Optional<Instant> at, Duration rest) {
    /** Whether it gives one of these reasons. Reasons are looked at, and never shown. */
    boolean says(String... reasons) {
        for (JsonNode error : body.path("errors")) {
            if (List.of(reasons).stream().anyMatch(error.asText()::contains)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it says that there is nothing, as the server does: with no reason. */
    boolean isEmpty() {
        return status == 404
                && body.path("errors").isArray()
                && body.path("errors").isEmpty();
    }
}
