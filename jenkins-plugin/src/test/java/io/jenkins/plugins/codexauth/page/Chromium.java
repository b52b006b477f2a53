package io.jenkins.plugins.codexauth.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** A real browser for pictures of pages, driven through its DevTools protocol. */
final class Chromium implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger number = new AtomicInteger();
    private final ConcurrentHashMap<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final WebSocket socket;

    private Chromium(Process process, URI debugger) {
        this.process = process;
        this.socket =
                http.newWebSocketBuilder().buildAsync(debugger, new Answers()).join();
    }

    /** Starts the browser of this machine, with a profile of its own. */
    static Chromium start(Path profile) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        "chromium",
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--no-first-run",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank"))
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("chromium.log").toFile())
                .start();
        Path portFile = profile.resolve("DevToolsActivePort");
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(portFile));
        String port = Files.readAllLines(portFile).get(0);
        JsonNode pages = JSON.readTree(HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
        for (JsonNode page : pages) {
            if (page.path("type").asText().equals("page")) {
                return new Chromium(
                        process, URI.create(page.path("webSocketDebuggerUrl").asText()));
            }
        }
        throw new IOException("the browser has no page");
    }

    /** How large the window is. */
    void resize(int width, int height) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                JSON.createObjectNode()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", width < 500));
    }

    /** Says to every page that the user wants it so. */
    void userAgent(String text) throws Exception {
        call("Emulation.setUserAgentOverride", JSON.createObjectNode().put("userAgent", text));
    }

    void open(String url) throws Exception {
        call("Page.enable", JSON.createObjectNode());
        call("Page.navigate", JSON.createObjectNode().put("url", url));
        until("document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /** Runs a script in the page, and answers its value. */
    JsonNode run(String script) throws Exception {
        return call(
                        "Runtime.evaluate",
                        JSON.createObjectNode()
                                .put("expression", script)
                                .put("returnByValue", true)
                                .put("awaitPromise", true))
                .path("result")
                .path("value");
    }

    /** Waits for a condition in the page. */
    void until(String condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> run(condition).asBoolean());
    }

    /** Takes a picture of the upper part of the page. */
    void picture(Path file, int width, int height) throws Exception {
        // Two frames, so that what a script has just changed is painted.
        run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 500))))");
        ObjectNode order = JSON.createObjectNode().put("format", "png").put("captureBeyondViewport", true);
        order.putObject("clip")
                .put("x", 0)
                .put("y", 0)
                .put("width", width)
                .put("height", height)
                .put("scale", 1);
        SmallPng.write(
                Base64.getDecoder()
                        .decode(call("Page.captureScreenshot", order)
                                .path("data")
                                .asText()),
                file);
    }

    private JsonNode call(String method, ObjectNode parameters) throws Exception {
        int id = number.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        ObjectNode order = JSON.createObjectNode().put("id", id).put("method", method);
        order.set("params", parameters);
        socket.sendText(order.toString(), true).join();
        JsonNode found = answer.get(60, TimeUnit.SECONDS);
        if (found.has("error")) {
            throw new IOException(method + ": " + found.path("error"));
        }
        return found.path("result");
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    JsonNode answer = JSON.readTree(text.toString());
                    CompletableFuture<JsonNode> waiting =
                            answers.remove(answer.path("id").asInt());
                    if (waiting != null) {
                        waiting.complete(answer);
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                } finally {
                    text.setLength(0);
                }
            }
            from.request(1);
            return null;
        }
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        process.waitFor(20, TimeUnit.SECONDS);
    }
}
