package io.github.codexauth.stores.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who waits for what, first come first. Written so that hundreds fit into one annotation: what many wait for stands
 * there once.
 *
 * @param all in order
 */
public record Tickets(List<Ticket> all) {
    public static final Tickets NONE = new Tickets(List.of());

    /** Behind these nobody gets a ticket: an object must not grow without end. */
    private static final int MOST = 2000;

    private static final JsonMapper JSON = new JsonMapper();

    public Tickets {
        all = List.copyOf(all);
    }

    /**
     * One who waits.
     *
     * @param word known to him alone
     * @param ids any of which would do
     * @param until when he gives up, by the server's clock
     */
    public record Ticket(String word, Set<String> ids, Instant until) {
        public Ticket(String word, Collection<CredentialId> ids, Instant until) {
            this(word, ids.stream().map(CredentialId::value).collect(Collectors.toSet()), until);
        }
    }

    /** Reads what {@link #text} wrote, without those who have given up; whatever else it is, nobody waits. */
    public static Tickets parse(String text, Instant now) {
        List<Ticket> read = new ArrayList<>();
        try {
            JsonNode json = JSON.readTree(text);
            Map<String, Set<String>> sets = new HashMap<>();
            json.path("sets").fields().forEachRemaining(set -> {
                Set<String> ids = new java.util.HashSet<>();
                set.getValue().forEach(id -> ids.add(id.asText()));
                sets.put(set.getKey(), ids);
            });
            for (JsonNode ticket : json.path("tickets")) {
                Instant until = Instant.ofEpochSecond(ticket.path(2).asLong());
                if (until.isAfter(now)) {
                    read.add(new Ticket(
                            ticket.path(0).asText(),
                            sets.getOrDefault(ticket.path(1).asText(), Set.of()),
                            until));
                }
            }
        } catch (IOException somethingElse) {
            return NONE;
        }
        return new Tickets(read);
    }

    public String text() {
        ObjectNode json = JSON.createObjectNode();
        ObjectNode sets = json.putObject("sets");
        ArrayNode tickets = json.putArray("tickets");
        for (Ticket ticket : all) {
            List<String> ids = ticket.ids().stream().sorted().toList();
            String key = Sha256.hex(String.join(",", ids).getBytes(StandardCharsets.UTF_8))
                    .substring(0, 12);
            if (!sets.has(key)) {
                ArrayNode set = sets.putArray(key);
                ids.forEach(set::add);
            }
            tickets.addArray().add(ticket.word()).add(key).add(ticket.until().getEpochSecond());
        }
        return json.toString();
    }

    public boolean isFull() {
        return all.size() >= MOST;
    }

    public boolean has(String word) {
        return all.stream().anyMatch(ticket -> ticket.word().equals(word));
    }

    /** With one more at the end. */
    public Tickets with(Ticket last) {
        List<Ticket> more = new ArrayList<>(all);
        more.add(last);
        return new Tickets(more);
    }

    public Tickets without(Set<String> words) {
        return new Tickets(
                all.stream().filter(ticket -> !words.contains(ticket.word())).toList());
    }

    /** Those before a word, all of them if it has no ticket, who would take one of these. */
    public List<Ticket> before(String word, Collection<CredentialId> ids) {
        List<Ticket> before = new ArrayList<>();
        for (Ticket ticket : all) {
            if (ticket.word().equals(word)) {
                break;
            }
            if (ids.stream().anyMatch(id -> ticket.ids().contains(id.value()))) {
                before.add(ticket);
            }
        }
        return before;
    }
}
