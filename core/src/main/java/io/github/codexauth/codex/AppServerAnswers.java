package io.github.codexauth.codex;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What an app-server says: one JSON object a line, of which the answers to our questions are picked out. */
final class AppServerAnswers {
    private static final int LONGEST = 1024 * 1024;
    private static final JsonMapper JSON = new JsonMapper();

    private final BlockingQueue<JsonNode> lines = new LinkedBlockingQueue<>();

    private AppServerAnswers() {}

    /** Starts listening, in a daemon thread. */
    static AppServerAnswers of(InputStream stream) {
        AppServerAnswers answers = new AppServerAnswers();
        Thread listener = new Thread(() -> answers.listen(stream), "app-server answers");
        listener.setDaemon(true);
        listener.start();
        return answers;
    }

    /** The answer to a question; empty if none comes before the deadline, or the server has ended. */
    Optional<JsonNode> await(int id, long deadlineNanos) throws InterruptedException {
        while (true) {
            JsonNode line = lines.poll(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null || line.isMissingNode()) {
                return Optional.empty();
            }
            if (line.path("id").asInt(-1) == id) {
                return Optional.of(line);
            }
        }
    }

    private void listen(InputStream stream) {
        Lines.read(stream, LONGEST, this::understand);
        lines.add(JSON.missingNode());
    }

    private void understand(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            if (node.isObject()) {
                lines.add(node);
            }
        } catch (IOException noJson) {
            // A line for people.
        }
    }
}
