package io.github.codexauth.stores.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * How a server keeps the records of a credential: as text, in fields of a JSON object. One that is empty is as good as
 * none; fields of other names are nothing of ours.
 *
 * @param text a record as it stands there
 * @param bytes the record again
 */
public record LoginFields(Function<byte[], String> text, Function<String, byte[]> bytes) {
    /** The field of the current record. */
    public static final String CURRENT = "current";

    private static final String PREVIOUS = "previous";
    private static final String DAMAGED = "damaged";
    private static final String STRAY = "aside-";

    /**
     * The records in an object.
     *
     * @param where the store, for messages
     */
    public LoginRecords in(JsonNode object, String where, CredentialId id) {
        Map<String, byte[]> strays = new HashMap<>();
        for (String name : straysIn(object)) {
            value(object, name).ifPresent(stray -> strays.put(name.substring(STRAY.length()), stray));
        }
        return new LoginRecords(
                where, id, value(object, CURRENT), value(object, PREVIOUS), value(object, DAMAGED), strays);
    }

    private Optional<byte[]> value(JsonNode object, String name) {
        return Optional.of(object.path(name).asText())
                .filter(value -> !value.isEmpty())
                .map(bytes);
    }

    private static List<String> straysIn(JsonNode object) {
        Iterable<String> names = object::fieldNames;
        return StreamSupport.stream(names.spliterator(), false)
                .filter(name -> name.startsWith(STRAY))
                .toList();
    }

    /** Puts records into an object, in the place of those that are there. */
    public void put(LoginRecords records, ObjectNode object) {
        object.remove(straysIn(object));
        put(object, CURRENT, records.now());
        put(object, PREVIOUS, records.before());
        put(object, DAMAGED, records.damaged());
        records.strays().forEach((token, stray) -> put(object, STRAY + token, Optional.of(stray)));
    }

    private void put(ObjectNode object, String name, Optional<byte[]> value) {
        object.remove(name);
        value.ifPresent(record -> object.put(name, text.apply(record)));
    }
}
