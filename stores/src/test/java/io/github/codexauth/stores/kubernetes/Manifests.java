package io.github.codexauth.stores.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.codexauth.testing.RealKubernetes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A stream of objects in YAML, as {@code kubectl apply} takes it. */
public record Manifests(List<JsonNode> objects) {
    public static Manifests parse(String yaml) {
        try (MappingIterator<JsonNode> all =
                new YAMLMapper().readerFor(JsonNode.class).readValues(yaml)) {
            return new Manifests(all.readAll().stream()
                    .filter(object -> object != null && object.isObject())
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void applyTo(RealKubernetes cluster) {
        objects.forEach(object -> cluster.apply(object, ""));
    }

    /** Has the server judge them, and changes nothing. */
    public void pretendOn(RealKubernetes cluster) {
        objects.forEach(object -> cluster.apply(object, "&dryRun=All"));
    }

    /** The first of a kind. */
    public JsonNode first(String kind) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .findFirst()
                .orElseThrow();
    }
}
