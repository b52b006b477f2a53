package io.github.codexauth.stores.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/**
 * An entry as it was read.
 *
 * @param content empty if there is none
 * @param version which a swap has to name; 0 if there never was one
 * @param at when, by the server's clock
 */
record Entry(Optional<ObjectNode> content, long version, Instant at) {}
