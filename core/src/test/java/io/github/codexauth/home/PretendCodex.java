package io.github.codexauth.home;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What can be seen of a Codex from outside, under the name {@code java}: a file of its home that it keeps open, and a
 * connection on which it waits for an answer. With the answer it writes {@code saved} into the home, and ends.
 */
public final class PretendCodex {
    private PretendCodex() {}

    /**
     * Arguments: the home, and a port on this machine; none for a Codex that waits for ever and is connected to nobody.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path home = Path.of(arguments[0]);
        try (OutputStream lock = Files.newOutputStream(home.resolve(".lock"))) {
            lock.write(0);
            if (arguments.length < 2) {
                System.out.println("waiting");
                Thread.currentThread().join();
            }
            try (Socket server = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1]))) {
                System.out.println("connected");
                server.getInputStream().read();
                Files.writeString(home.resolve("saved"), "");
            }
        }
    }
}
