package io.github.codexauth.image;

import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What runs containers: its own command line, with images, containers and volumes that are the tests' alone. */
interface Engine {
    /** The name of the image, which is loaded. */
    String image();

    /** What makes any command line of this engine this one's. */
    Map<String, String> environment();

    /** Starts a command of the engine that reads a file. */
    Running start(List<String> arguments, Path stdin);

    /** Starts a command of the engine. */
    default Running start(List<String> arguments) {
        return start(arguments, Path.of("/dev/null"));
    }

    /** Runs a command of the engine to its end. */
    default Result call(String... arguments) {
        return start(List.of(arguments)).result();
    }

    /** Removes containers, running or not, and volumes, whether they are there or not. */
    default void remove(List<String> containers, String volume) {
        containers.forEach(container -> call("rm", "--force", container));
        call("volume", "rm", "--force", volume);
    }
}
