package io.github.codexauth.broker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.github.codexauth.TreeFormat;
import io.github.codexauth.files.PrivateFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A server for one session's Codex, on this machine's loopback interface. Its paths begin with a random word: who does
 * not know that finds nothing, and is not told that there is something. It logs nothing.
 *
 * <p>The JDK's own server, for the reasons in ADR 23.
 */
public final class LoopbackServer implements AutoCloseable {
    static {
        // Else the second of two small writes waits for the other side's delayed acknowledgement, some 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static final TreeFormat JSON = TreeFormat.json();
    private static final int LONGEST_QUEUE = 64;

    /** Many more than a job has Codex processes; whoever comes when they are all busy is turned away. */
    private static final int MOST_AT_ONCE = 64;

    private final HttpServer server;
    private final ExecutorService threads;
    private final String root;
    private boolean started;

    private LoopbackServer(HttpServer server, ExecutorService threads, String root) {
        this.server = server;
        this.threads = threads;
        this.root = root;
    }

    /**
     * Lets Java load what such a server takes, beside whatever else is done until one is opened. Nothing listens
     * meanwhile.
     */
    public static void prepare() {
        daemon(LoopbackServer::load).start();
    }

    private static void load() {
        try {
            HttpServer.create().stop(0);
        } catch (IOException unavailable) {
            // Whoever opens one is told so.
            return;
        }
    }

    /**
     * Opens it on a port that is free.
     *
     * @throws IOException if the machine has no loopback interface, or no free port
     */
    public static LoopbackServer open() throws IOException {
        return open(0, "/" + PrivateFiles.randomHex(16) + "/");
    }

    /**
     * Opens it once more where an earlier one was, for processes that know that address.
     *
     * @param served what the earlier one's {@link #serve} answered
     * @param path what it was given
     * @throws IOException if the machine has no loopback interface, or somebody else has the port
     */
    public static LoopbackServer reopen(URI served, String path) throws IOException {
        String all = served.getRawPath();
        if (!all.endsWith(path)) {
            throw new IllegalArgumentException("not an address of " + path);
        }
        return open(served.getPort(), all.substring(0, all.length() - path.length()));
    }

    private static LoopbackServer open(int port, String root) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), LONGEST_QUEUE);
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                0, MOST_AT_ONCE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), LoopbackServer::daemon);
        LoopbackServer opened = new LoopbackServer(server, threads, root);
        server.setExecutor(threads);
        server.createContext("/", opened::nothingHere);
        return opened;
    }

    private synchronized void start() {
        if (!started) {
            started = true;
            server.start();
        }
    }

    /**
     * Answers what is asked at a path, and below it if it ends in a slash.
     *
     * @param path without a slash at its beginning
     * @return the address
     */
    public URI serve(String path, HttpHandler handler) {
        server.createContext(root + path, exchange -> {
            String asked = exchange.getRequestURI().getRawPath();
            boolean found = path.endsWith("/") ? asked.startsWith(root + path) : asked.equals(root + path);
            if (found) {
                handler.handle(exchange);
            } else {
                nothingHere(exchange);
            }
            // Not after a failure: an answer that broke off would then look complete.
            exchange.close();
        });
        // Not before: who knows an address from an earlier time is kept waiting, in the place of being told that there
        // is nothing.
        start();
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + root + path);
    }

    private void nothingHere(HttpExchange exchange) throws IOException {
        send(exchange, 404, "{}");
        exchange.close();
    }

    /** Answers with JSON that nobody keeps. */
    public static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** Answers with an error in the shape of OpenAI's, by whose code Codex goes. */
    public static void sendError(HttpExchange exchange, int status, String code, String message) throws IOException {
        ObjectNode answer = TreeFormat.object();
        answer.putObject("error")
                .put("message", message)
                .put("type", "invalid_request_error")
                .put("code", code);
        send(exchange, status, JSON.write(answer));
    }

    /** Turns everybody away from now on, and waits neither for those who ask nor for those who answer. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "codex-auth loopback");
        thread.setDaemon(true);
        return thread;
    }
}
