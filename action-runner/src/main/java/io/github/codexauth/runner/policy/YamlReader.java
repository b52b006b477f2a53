package io.github.codexauth.runner.policy;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads YAML into {@link Node}s. Every scalar is text here; what it means depends on its key. */
final class YamlReader {
    private static final int DEEPEST = 16;

    private final Path file;

    YamlReader(Path file) {
        this.file = file;
    }

    /** @throws InvalidPolicyException if it is no YAML, uses anchors, aliases or tags, or names a key twice */
    Node read(byte[] bytes) throws InvalidPolicyException {
        try (YAMLParser parser = new YAMLFactory().createParser(bytes)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new InvalidPolicyException(
                        file + " is empty", "begin with: version: 1, and see docs/security.md for the rest");
            }
            Node root = node(parser, first, 0);
            if (parser.nextToken() != null) {
                throw new InvalidPolicyException(file + " holds a second document", "keep one");
            }
            return root;
        } catch (JacksonException e) {
            // Its message quotes the file, so only the place is taken from it.
            JsonLocation at = e.getLocation();
            throw new InvalidPolicyException(
                    file + (at == null ? "" : ", line " + at.getLineNr() + ", column " + at.getColumnNr())
                            + ": this is not YAML",
                    "look at the indentation and the quotes there");
        } catch (IOException e) {
            throw new InvalidPolicyException("cannot read " + file, "look at it with: ls -l " + file);
        }
    }

    private Node node(YAMLParser parser, JsonToken token, int depth) throws IOException, InvalidPolicyException {
        JsonLocation at = parser.currentTokenLocation();
        int line = at.getLineNr();
        int column = at.getColumnNr();
        Node.Scalar here = new Node.Scalar("", line, column);
        if (depth > DEEPEST) {
            throw InvalidPolicyException.at(file, here, "this is nested too deeply", "no part of a policy needs that");
        }
        requirePlain(parser, here);
        return switch (token) {
            case START_OBJECT -> new Node.Mapping(entries(parser, depth), line, column);
            case START_ARRAY -> new Node.Sequence(items(parser, depth), line, column);
            default -> new Node.Scalar(text(parser, token), line, column);
        };
    }

    private Map<String, Node.Entry> entries(YAMLParser parser, int depth) throws IOException, InvalidPolicyException {
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            JsonLocation at = parser.currentTokenLocation();
            Node.Scalar key = new Node.Scalar(parser.currentName(), at.getLineNr(), at.getColumnNr());
            requirePlain(parser, key);
            Node value = node(parser, parser.nextToken(), depth + 1);
            if (entries.put(key.text(), new Node.Entry(key, value)) != null) {
                throw InvalidPolicyException.at(
                        file, key, "'" + key.text() + "' stands here twice", "keep one of them");
            }
        }
        return entries;
    }

    /** What can make a value something else than what stands there, on keys as on values. */
    private void requirePlain(YAMLParser parser, Node here) throws IOException, InvalidPolicyException {
        if (parser.isCurrentAlias() || parser.getObjectId() != null) {
            throw InvalidPolicyException.at(
                    file, here, "anchors and aliases are not read", "write the value out where it is needed");
        }
        if (parser.getTypeId() != null) {
            throw InvalidPolicyException.at(file, here, "tags are not read", "write the value alone, without !tag");
        }
    }

    private List<Node> items(YAMLParser parser, int depth) throws IOException, InvalidPolicyException {
        List<Node> items = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            items.add(node(parser, token, depth + 1));
        }
        return items;
    }

    private static String text(YAMLParser parser, JsonToken token) throws IOException {
        @Nullable String text = token == JsonToken.VALUE_NULL ? null : parser.getText();
        return text == null ? "" : text;
    }
}
