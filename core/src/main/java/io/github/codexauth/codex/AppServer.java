package io.github.codexauth.codex;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.codex.Complaints.Complaint;
import io.github.codexauth.codex.Diagnosis.Hindrance;
import io.github.codexauth.home.CodexProcesses;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Refreshes a login through {@code codex app-server}: a question about the account, with no model call. Measured on
 * Codex 0.169.0; see docs/architecture.md.
 *
 * <p>The process gets a session of its own ({@code setsid}), so that neither a terminal's Ctrl-C nor a signal to our
 * process group reaches it: ended between the server's answer and its own write, it would take the login along. A
 * signal that is sent to it alone, as a CI system's agent does that clears up, it ignores.
 */
public final class AppServer implements TokenRefresher {
    /** A refresh that is under way may go on this much longer than everything else. */
    private static final Duration MORE_FOR_A_REFRESH = Duration.ofSeconds(10);

    private static final Duration TO_END = Duration.ofSeconds(5);

    /**
     * What it has said is here when it ends; longer it takes only where a process that it left behind keeps the other
     * end open.
     */
    private static final Duration TO_BE_HEARD = Duration.ofSeconds(5);

    /**
     * Codex may answer with an error of something else before it says on its stderr that the refresh failed, and ended
     * by then it would never say so (0.171.0 on a loaded machine).
     */
    private static final Duration TO_COMPLAIN = Duration.ofSeconds(3);

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Codex minds SIGTERM once it has started, and it refreshes an ended token before that (0.171.0). What is ignored
     * stays ignored by the programs that follow.
     */
    private static final List<String> WITHOUT_SIGNALS =
            List.of("/bin/sh", "-c", "trap '' HUP INT TERM; exec \"$@\"", "codex-auth");

    private final List<String> command;
    private final Map<String, String> environment;
    private final Duration limit;

    private AppServer(List<String> command, Map<String, String> environment, Duration limit) {
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.limit = limit;
    }

    /** What a look for Codex found. */
    public sealed interface Lookup {}

    /** There is one. */
    public record Found(AppServer server) implements Lookup {}

    /** There is none, or none that could be kept safe from signals. */
    public record Missing(String reason) implements Lookup {}

    /**
     * Looks for Codex on the PATH.
     *
     * @param environment the variables it gets, without any credential
     * @param limit how long a refresh may take; without a network Codex would try without end
     */
    public static Lookup find(Map<String, String> environment, Duration limit) {
        return find(List.of(), environment, limit);
    }

    /**
     * The same for a Codex that is started by another program.
     *
     * @param starter that program and its arguments, which the command follows
     */
    public static Lookup find(List<String> starter, Map<String, String> environment, Duration limit) {
        SearchPath path = SearchPath.in(environment);
        Optional<Path> setsid = path.find("setsid");
        Optional<Path> codex = path.find("codex");
        if (setsid.isEmpty() || codex.isEmpty()) {
            return new Missing("command not found: " + (setsid.isEmpty() ? "setsid" : "codex"));
        }
        List<String> command = new ArrayList<>(starter);
        command.addAll(WITHOUT_SIGNALS);
        command.addAll(List.of(setsid.get().toString(), codex.get().toString(), "app-server"));
        return new Found(new AppServer(command, environment, limit));
    }

    @Override
    public Diagnosis refresh(Path home, boolean force) throws InterruptedException {
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().clear();
            builder.environment().putAll(environment);
            builder.environment().put("CODEX_HOME", home.toString());
            builder.environment().put("RUST_LOG", Complaints.LOG_FILTER);
            builder.environment().remove("LOG_FORMAT");
            process = builder.start();
        } catch (IOException e) {
            return new Diagnosis.Hindered(Hindrance.UNKNOWN, "Codex cannot be started");
        }
        Complaints complaints = Complaints.of(process.getErrorStream());
        long deadline = System.nanoTime() + limit.toNanos();
        Optional<Said> said;
        boolean inTime;
        try {
            said = converse(process, complaints, home, force, deadline);
        } catch (IOException e) {
            said = Optional.empty();
        } finally {
            inTime = System.nanoTime() < deadline;
            end(process, home);
        }
        Set<Complaint> heard = complaints.await(TO_BE_HEARD);
        return said.map(words -> Verdicts.of(words.account(), words.config(), heard))
                .or(() -> Verdicts.network(heard))
                .or(() -> Verdicts.anyServer(heard))
                .orElseGet(() -> silence(inTime));
    }

    private Diagnosis silence(boolean ended) {
        return ended
                ? new Diagnosis.Hindered(Hindrance.UNKNOWN, "Codex ended before it answered")
                : new Diagnosis.Hindered(Hindrance.UNREACHABLE, "Codex gave no answer in " + limit.toSeconds() + " s");
    }

    /** @param config asked for only where Codex says that nobody is signed in */
    private record Said(JsonNode account, Optional<JsonNode> config) {}

    /** What it says; empty if it ends, or the time is over, before it says anything. */
    private static Optional<Said> converse(
            Process process, Complaints complaints, Path home, boolean force, long deadline)
            throws IOException, InterruptedException {
        Optional<Object> before = state(home);
        AppServerAnswers answers = AppServerAnswers.of(process.getInputStream());
        try (OutputStream questions = process.getOutputStream()) {
            ObjectNode initialize = JSON.createObjectNode();
            initialize
                    .put("id", 1)
                    .put("method", "initialize")
                    .putObject("params")
                    .putObject("clientInfo")
                    .put("name", "codex-auth")
                    .put("title", "Codex auth for CI")
                    .put("version", "1");
            ask(questions, initialize);
            if (answers.await(1, deadline).isEmpty()) {
                return Optional.empty();
            }
            ask(questions, JSON.createObjectNode().put("method", "initialized"));
            ObjectNode read = JSON.createObjectNode();
            read.put("id", 2).put("method", "account/read").putObject("params").put("refreshToken", force);
            ask(questions, read);
            Optional<JsonNode> account = answers.await(2, deadline);
            if (account.filter(answer -> answer.has("error")).isPresent()
                    && state(home).equals(before)) {
                complaints.awaitFirst(TO_COMPLAIN);
            }
            if (account.filter(Verdicts::isSignedOut).isEmpty()) {
                return account.map(answer -> new Said(answer, Optional.empty()));
            }
            ObjectNode config = JSON.createObjectNode();
            config.put("id", 3).put("method", "config/read").putObject("params").put("includeLayers", false);
            ask(questions, config);
            return Optional.of(new Said(account.get(), answers.await(3, deadline)));
        }
    }

    /** What changes when Codex writes a login; empty if there is none. */
    private static Optional<Object> state(Path home) {
        try {
            BasicFileAttributes file = Files.readAttributes(home.resolve("auth.json"), BasicFileAttributes.class);
            return Optional.of(List.of(String.valueOf(file.fileKey()), file.lastModifiedTime(), file.size()));
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    private static void ask(OutputStream questions, ObjectNode question) throws IOException {
        try {
            questions.write((JSON.writeValueAsString(question) + "\n").getBytes(StandardCharsets.UTF_8));
            questions.flush();
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree is always JSON");
        }
    }

    /** Its stdin is closed by now, which ends it; a refresh under way is waited for. */
    private static void end(Process process, Path home) throws InterruptedException {
        if (process.waitFor(TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
            return;
        }
        long deadline = System.nanoTime() + MORE_FOR_A_REFRESH.toNanos();
        while (process.isAlive() && new CodexProcesses(home).mayBeRefreshing() && System.nanoTime() < deadline) {
            process.waitFor(100, TimeUnit.MILLISECONDS);
        }
        process.destroyForcibly();
        process.waitFor(TO_END.toMillis(), TimeUnit.MILLISECONDS);
    }
}
