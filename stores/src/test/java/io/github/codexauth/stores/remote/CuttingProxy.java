package io.github.codexauth.stores.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

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
        SWALLOW_THE_ANSWER,
        /** It arrives after so long a while that hardly anybody would wait longer for the answer. */
        DELAY,
        /** It does not arrive, nor what follows it, before {@link CuttingProxy#deliver}: its sender gave up. */
        ARRIVE_LATE;

        /** Whether a client waits for as long as it waits for anything. */
        public boolean isSlow() {
            return this != CUT_BEFORE && this != CUT_AFTER;
        }
    }

    /** So long that a server gets to what arrived before it hears that the sender is gone. */
    private static final int GRACE_MILLIS = 500;

    private static final int DELAY_MILLIS = 2500;

    private final ServerSocket listener;
    private final int port;
    private final AtomicInteger pieces = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private volatile int at = Integer.MAX_VALUE;
    private volatile Fault fault = Fault.CUT_BEFORE;
    private volatile @Nullable Connection late;

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

    /** Lets what is late arrive, and waits until the server has answered it; nothing if nothing is. */
    public void deliver() throws InterruptedException {
        @Nullable Connection kept = late;
        if (kept != null) {
            kept.deliver();
        }
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
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final CountDownLatch answered = new CountDownLatch(1);
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
                    if (late == this) {
                        kept.write(piece, 0, length);
                        continue;
                    }
                    if (pieces.incrementAndGet() != at) {
                        out.write(piece, 0, length);
                        continue;
                    }
                    if (fault == Fault.DELAY) {
                        TimeUnit.MILLISECONDS.sleep(DELAY_MILLIS);
                        out.write(piece, 0, length);
                        continue;
                    }
                    silent = true;
                    if (fault == Fault.ARRIVE_LATE) {
                        kept.write(piece, 0, length);
                        late = this;
                        continue;
                    }
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
                if (late != this) {
                    server.shutdownOutput();
                }
            } catch (IOException ended) {
                if (late != this) {
                    close(client, server);
                }
            } catch (InterruptedException ended) {
                close(client, server);
            }
        }

        void deliver() throws InterruptedException {
            try {
                kept.writeTo(server.getOutputStream());
                if (!answered.await(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                    // A part of a call, to which there is no answer before its sender has hung up.
                    server.shutdownOutput();
                }
            } catch (IOException hungUp) {
                // A server need not wait for it for ever.
                answered.countDown();
            }
            assertThat(answered.await(1, TimeUnit.MINUTES)).as("an answer").isTrue();
            close(client, server);
        }

        void passAnswers() {
            byte[] piece = new byte[64 * 1024];
            try {
                InputStream in = server.getInputStream();
                OutputStream out = client.getOutputStream();
                for (int length = in.read(piece); length > 0; length = in.read(piece)) {
                    if (late == this) {
                        answered.countDown();
                    }
                    if (!silent) {
                        out.write(piece, 0, length);
                    }
                }
                close(client, server);
            } catch (IOException ended) {
                close(client, server);
            } finally {
                answered.countDown();
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
