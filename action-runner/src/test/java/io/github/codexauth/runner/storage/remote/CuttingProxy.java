package io.github.codexauth.runner.storage.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A way to a server on the loopback that fails once: at the n-th piece that a client sends, counted over all
 * connections. A client waits for an answer after each piece, so that every place at which a call can be cut is one
 * of them.
 */
public final class CuttingProxy implements AutoCloseable {
    /** What happens to the n-th piece. */
    public enum Fault {
        /** It does not arrive, and the connection ends. */
        CUT_BEFORE,
        /** It arrives, and the connection ends before the answer. */
        CUT_AFTER,
        /** It arrives, and no answer ever comes. */
        SWALLOW_THE_ANSWER
    }

    private final ServerSocket listener;
    private final int port;
    private final AtomicInteger pieces = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private volatile int at = Integer.MAX_VALUE;
    private volatile Fault fault = Fault.CUT_BEFORE;

    public CuttingProxy(int port) throws IOException {
        this.port = port;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread("accepting", this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The n-th piece from now on. */
    public void failAt(int piece, Fault how) {
        pieces.set(0);
        fault = how;
        at = piece;
    }

    /** Whether that has happened. */
    public boolean hasFailed() {
        return pieces.get() >= at;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.add(client);
                sockets.add(server);
                Connection connection = new Connection(client, server);
                thread("requests", connection::passRequests);
                thread("answers", connection::passAnswers);
            } catch (IOException closed) {
                continue;
            }
        }
    }

    private final class Connection {
        private final Socket client;
        private final Socket server;
        private volatile boolean silent;

        Connection(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void passRequests() {
            byte[] piece = new byte[64 * 1024];
            try {
                InputStream in = client.getInputStream();
                OutputStream out = server.getOutputStream();
                for (int length = in.read(piece); length > 0; length = in.read(piece)) {
                    if (pieces.incrementAndGet() != at) {
                        out.write(piece, 0, length);
                        continue;
                    }
                    silent = true;
                    if (fault != Fault.CUT_BEFORE) {
                        out.write(piece, 0, length);
                        out.flush();
                    }
                    if (fault == Fault.CUT_AFTER) {
                        // The server has to have it before its connection ends, and answers into the void.
                        server.shutdownOutput();
                        client.close();
                        return;
                    }
                    if (fault == Fault.CUT_BEFORE) {
                        close(client, server);
                        return;
                    }
                }
                server.shutdownOutput();
            } catch (IOException ended) {
                close(client, server);
            }
        }

        void passAnswers() {
            byte[] piece = new byte[64 * 1024];
            try {
                InputStream in = server.getInputStream();
                OutputStream out = client.getOutputStream();
                for (int length = in.read(piece); length > 0; length = in.read(piece)) {
                    if (!silent) {
                        out.write(piece, 0, length);
                    }
                }
                close(client, server);
            } catch (IOException ended) {
                close(client, server);
            }
        }
    }

    private static void close(Socket... ended) {
        for (Socket socket : ended) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        close(sockets.toArray(Socket[]::new));
    }
}
