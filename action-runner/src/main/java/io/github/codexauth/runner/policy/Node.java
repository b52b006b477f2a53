package io.github.codexauth.runner.policy;

import java.util.List;
import java.util.Map;

/**
 * A piece of the policy file that knows where it stands, so that every message can say so. Lines and columns begin with
 * 1.
 */
sealed interface Node {
    int line();

    int column();

    /** One value, as it was written. */
    record Scalar(String text, int line, int column) implements Node {}

    /** A list. */
    record Sequence(List<Node> items, int line, int column) implements Node {}

    /** Keys in the order they were written. */
    record Mapping(Map<String, Entry> entries, int line, int column) implements Node {}

    /**
     * One key of a mapping.
     *
     * @param key the key itself, for its place
     */
    record Entry(Scalar key, Node value) {}
}
