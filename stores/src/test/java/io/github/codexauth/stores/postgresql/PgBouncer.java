package io.github.codexauth.stores.postgresql;

import io.github.codexauth.testing.Requirement;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A real PgBouncer before a test's server, which gives every transaction whichever of a few connections is free. */
final class PgBouncer implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

    private final Process process;
    private final int port;

    private PgBouncer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** @param connections to the server, at most */
    static PgBouncer before(RealPostgresql server, Path folder, int connections) throws IOException {
        if (!Files.isExecutable(PROGRAM)) {
            throw Requirement.isMissing("PgBouncer is needed: apt-get install pgbouncer");
        }
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path users = Files.writeString(
                folder.resolve("users.txt"), "\"runner\" \"" + RealPostgresql.RUNNER_PASSWORD + "\"\n");
        Path settings = Files.writeString(
                folder.resolve("pgbouncer.ini"), """
                [databases]
                codex = host=127.0.0.1 port=%d dbname=codex
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = scram-sha-256
                auth_file = %s
                pool_mode = transaction
                default_pool_size = %d
                max_client_conn = 200
                ignore_startup_parameters = extra_float_digits
                """.formatted(server.port(), port, users, connections));
        new ProcessBuilder("chmod", "-R", "a+rX", folder.toString())
                .start()
                .onExit()
                .join();
        boolean root = "root".equals(System.getProperty("user.name"));
        ProcessBuilder builder = root
                ? new ProcessBuilder(
                        "setpriv",
                        "--reuid=postgres",
                        "--regid=postgres",
                        "--clear-groups",
                        PROGRAM.toString(),
                        settings.toString())
                : new ProcessBuilder(PROGRAM.toString(), settings.toString());
        return new PgBouncer(
                builder.redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start(),
                port);
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor(10, TimeUnit.SECONDS);
    }
}
