package io.github.codexauth;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlFactory;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Reads and writes trees in one format. A Jackson mapper would do the same; but to start one takes a tenth of a run's
 * time, most of it for beans, dates and numbers in the user's language, of which a tree has none.
 *
 * <p>Immutable and safe for use by several threads, as its factory is.
 */
public final class TreeFormat {
    private static final int DEEPEST = 200;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonFactory factory;

    /** The format whose parsers and generators this factory makes. It bounds what is read. */
    public TreeFormat(JsonFactory factory) {
        this.factory = factory;
    }

    /** JSON that is at most 200 levels deep. */
    public static TreeFormat json() {
        return json(DEEPEST, StreamReadConstraints.DEFAULT_MAX_STRING_LEN);
    }

    /**
     * JSON within limits, in which no object has two members of one name.
     *
     * @param deepest in levels
     * @param longestText in characters
     */
    public static TreeFormat json(int deepest, int longestText) {
        return new TreeFormat(JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(deepest)
                        .maxStringLength(longestText)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build());
    }

    /** TOML. */
    public static TreeFormat toml() {
        return Toml.FORMAT;
    }

    /** Of its own, so that whoever reads JSON alone does not load it. */
    private static final class Toml {
        private static final TreeFormat FORMAT = new TreeFormat(new TomlFactory());
    }

    /** An empty object, to be filled. */
    public static ObjectNode object() {
        return NODES.objectNode();
    }

    /**
     * Reads one value.
     *
     * @return a missing node if there is nothing
     * @throws com.fasterxml.jackson.core.JsonProcessingException if it is not of this format, beyond its limits, or
     *     more than one value; the message quotes what was read
     */
    public JsonNode read(byte[] bytes) throws IOException {
        try (JsonParser parser = factory.createParser(bytes)) {
            return only(parser);
        }
    }

    /** As {@link #read(byte[])}. */
    public JsonNode read(String text) throws IOException {
        try (JsonParser parser = factory.createParser(text)) {
            return only(parser);
        }
    }

    /** The tree in as few characters as the format allows. */
    public String write(JsonNode tree) {
        StringWriter written = new StringWriter();
        try (JsonGenerator generator = factory.createGenerator(written)) {
            put(tree, generator);
        } catch (IOException unwritable) {
            throw new UncheckedIOException("this format has no way to write the tree", unwritable);
        }
        return written.toString();
    }

    /** The tree with a line for each member. */
    public String writeLines(JsonNode tree) {
        StringWriter written = new StringWriter();
        try (JsonGenerator generator = factory.createGenerator(written)) {
            generator.setPrettyPrinter(new DefaultPrettyPrinter());
            put(tree, generator);
        } catch (IOException unwritable) {
            throw new UncheckedIOException("this format has no way to write the tree", unwritable);
        }
        return written.toString();
    }

    private static JsonNode only(JsonParser parser) throws IOException {
        if (parser.nextToken() == null) {
            return MissingNode.getInstance();
        }
        JsonNode value = value(parser);
        if (parser.nextToken() != null) {
            throw new JsonParseException(parser, "more than one value");
        }
        return value;
    }

    private static JsonNode value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> members(parser);
            case START_ARRAY -> elements(parser);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
            default -> throw new JsonParseException(parser, "a value that no tree has");
        };
    }

    private static ObjectNode members(JsonParser parser) throws IOException {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            object.set(name, value(parser));
        }
        return object;
    }

    private static ArrayNode elements(JsonParser parser) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser));
        }
        return array;
    }

    private static JsonNode number(JsonParser parser) throws IOException {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            case BIG_INTEGER -> NODES.numberNode(parser.getBigIntegerValue());
            case FLOAT -> NODES.numberNode(parser.getFloatValue());
            case DOUBLE -> NODES.numberNode(parser.getDoubleValue());
            case BIG_DECIMAL -> NODES.numberNode(parser.getDecimalValue());
        };
    }

    private static void put(JsonNode node, JsonGenerator generator) throws IOException {
        switch (node.getNodeType()) {
            case OBJECT -> {
                generator.writeStartObject();
                for (Map.Entry<String, JsonNode> member : node.properties()) {
                    generator.writeFieldName(member.getKey());
                    put(member.getValue(), generator);
                }
                generator.writeEndObject();
            }
            case ARRAY -> {
                generator.writeStartArray();
                for (JsonNode element : node) {
                    put(element, generator);
                }
                generator.writeEndArray();
            }
            case STRING -> generator.writeString(node.textValue());
            case BOOLEAN -> generator.writeBoolean(node.booleanValue());
            case NULL -> generator.writeNull();
            case NUMBER -> putNumber(node, generator);
            default -> throw new IllegalArgumentException("a tree of " + node.getNodeType());
        }
    }

    private static void putNumber(JsonNode node, JsonGenerator generator) throws IOException {
        switch (node.numberType()) {
            case INT -> generator.writeNumber(node.intValue());
            case LONG -> generator.writeNumber(node.longValue());
            case BIG_INTEGER -> generator.writeNumber(node.bigIntegerValue());
            case FLOAT -> generator.writeNumber(node.floatValue());
            case DOUBLE -> generator.writeNumber(node.doubleValue());
            case BIG_DECIMAL -> generator.writeNumber(node.decimalValue());
        }
    }
}
