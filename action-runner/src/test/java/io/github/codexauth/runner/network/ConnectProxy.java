package io.github.codexauth.runner.network;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy on loopback that wants a name and a password, and leads every tunnel to one port of this machine. */
public final class ConnectProxy implements AutoCloseable {
    private final ServerSocket socket;
    private final String expected;
    private final int target;
    private final List<String> tunnels = new CopyOnWriteArrayList<>();

    private ConnectProxy(ServerSocket socket, String userInfo, int target) {
        this.socket = socket;
        this.expected = "proxy-authorization: basic "
                + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
        this.target = target;
    }

    public static ConnectProxy to(int port, String userInfo) throws IOException {
        ConnectProxy proxy =
                new ConnectProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), userInfo, port);
        Background.start(() -> {
            while (true) {
                Socket client = proxy.socket.accept();
                Background.start(() -> proxy.serve(client));
            }
        });
        return proxy;
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** The tunnels that were opened, such as {@code issuer.example:443}. */
    public List<String> tunnels() {
        return List.copyOf(tunnels);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void serve(Socket client) throws IOException {
        try (client) {
            InputStream in = client.getInputStream();
            for (List<String> head = head(in); !head.isEmpty(); head = head(in)) {
                boolean known = head.stream().anyMatch(line -> line.equalsIgnoreCase(expected));
                client.getOutputStream()
                        .write((known
                                        ? "HTTP/1.1 200 OK\r\n\r\n"
                                        : "HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=\"company\"\r\n"
                                                + "Content-Length: 0\r\n\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1));
                if (known) {
                    tunnels.add(head.get(0).split(" ")[1]);
                    tunnel(client);
                    return;
                }
            }
        }
    }

    private void tunnel(Socket client) throws IOException {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            Background.start(() -> server.getInputStream().transferTo(client.getOutputStream()));
            client.getInputStream().transferTo(server.getOutputStream());
        }
    }

    /** Byte by byte, so that nothing of the tunnel is read along; empty at the end. */
    private static List<String> head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.append((char) next);
            if (head.toString().endsWith("\r\n\r\n")) {
                return head.toString().lines().toList();
            }
        }
        return List.of();
    }
}
