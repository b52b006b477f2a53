package io.github.codexauth.runner.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.runner.console.Json;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** Output for machines. */
final class JsonOption {
    @Option(names = "--json", description = "Print one JSON object on stdout.")
    private boolean json;

    boolean isSet() {
        return json;
    }

    /** Prints the object if it was asked for. */
    void print(Surroundings here, Supplier<ObjectNode> object) {
        if (json) {
            Json.print(here.out(), object.get());
        }
    }
}
