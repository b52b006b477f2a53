package io.github.codexauth.stores.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** What we note on objects beside what they are for: labels can be asked for, annotations hold anything. */
final class Metadata {
    static final String DOMAIN = "codexauth.github.io/";

    private Metadata() {}

    static String version(JsonNode object) {
        return object.at("/metadata/resourceVersion").asText();
    }

    static Optional<String> label(JsonNode object, String name) {
        return Optional.ofNullable(
                object.path("metadata").path("labels").path(DOMAIN + name).textValue());
    }

    static void label(ObjectNode object, String name, String value) {
        object.withObject("/metadata/labels").put(DOMAIN + name, value);
    }

    static Optional<String> annotation(JsonNode object, String name) {
        return Optional.ofNullable(
                object.path("metadata").path("annotations").path(DOMAIN + name).textValue());
    }

    static void annotate(ObjectNode object, String name, Optional<String> value) {
        ObjectNode annotations = object.withObject("/metadata/annotations");
        if (value.isPresent()) {
            annotations.put(DOMAIN + name, value.get());
        } else {
            annotations.remove(DOMAIN + name);
        }
    }
}
