package io.github.codexauth.stores.remote;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** The objects that servers speak in. */
public final class ServerJson {
    /** As much as a call reads, so that no string in it is longer. */
    static final int LONGEST = 4 * 1024 * 1024;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(100)
                            .maxStringLength(LONGEST)
                            .build())
                    .build())
            .build();

    private ServerJson() {}

    /** An empty one. */
    public static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** The object in an answer; an empty one if it is something else. */
    public static ObjectNode read(byte[] bytes) {
        try {
            if (JSON.readTree(bytes) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException quoted) {
            return object();
        }
        return object();
    }
}
