package io.github.codexauth.runner.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.runner.console.Json;
import java.util.List;
import java.util.function.Supplier;

/** Output for machines. */
final class JsonOption {
    private final Opt<Boolean> json = Opt.flag("--json", "Print one JSON object on stdout.");

    boolean isSet() {
        return json.isSet();
    }

    /** Prints the object if it was asked for. */
    void print(Surroundings here, Supplier<ObjectNode> object) {
        if (json.isSet()) {
            Json.print(here.out(), object.get());
        }
    }

    List<Opt<?>> options() {
        return List.of(json);
    }
}
