package io.github.codexauth.stores.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.testing.OwnAuthority;
import io.github.codexauth.testing.Requirement;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of the test's own, on the loopback alone, with Debian's programs. Its database {@code codex}
 * belongs to {@code owner}; {@code runner} can log in and has no rights yet. Passwords are asked for.
 */
public final class RealPostgresql implements AutoCloseable {
    public static final String OWNER_PASSWORD = "owners-secret";
    public static final String RUNNER_PASSWORD = "runners-secret";
    private static final String ADMIN_PASSWORD = "admins-secret";

    private final Path programs;
    private final Path folder;
    private final int port;
    private boolean hasDisk;

    private RealPostgresql(Path programs, Path folder, int port) {
        this.programs = programs;
        this.folder = folder;
        this.port = port;
    }

    /** Starts one. Without the programs the test is skipped with a sentence, or fails if {@code CI} is set. */
    public static RealPostgresql start() {
        try {
            Path folder = Files.createTempDirectory("codex-auth-postgresql-");
            RealPostgresql server = new RealPostgresql(programs(), folder, freePort());
            server.prepare();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #start}, on a disk of its own where the test runs as root, who alone can make one. */
    static RealPostgresql onDiskOf(int mebibytes) throws IOException {
        RealPostgresql server =
                new RealPostgresql(programs(), Files.createTempDirectory("codex-auth-postgresql-"), freePort());
        if (isRoot()) {
            String size = "size=" + mebibytes + "m";
            server.run(List.of("mount", "-t", "tmpfs", "-o", size, "tmpfs", server.folder.toString()));
            server.hasDisk = true;
        }
        server.prepare();
        return server;
    }

    /** Leaves no room on its disk. */
    void fillDisk() throws IOException {
        if (!hasDisk) {
            throw Requirement.isMissing("only root can make a disk, and fill it");
        }
        byte[] block = new byte[4096];
        try (OutputStream file = Files.newOutputStream(filler())) {
            while (true) {
                file.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left on device");
        }
    }

    void makeRoom() throws IOException {
        Files.delete(filler());
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    private static Path programs() throws IOException {
        Path versions = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(versions)) {
            try (Stream<Path> found = Files.list(versions)) {
                return found.sorted()
                        .reduce((older, newer) -> newer)
                        .map(version -> version.resolve("bin"))
                        .orElseThrow();
            }
        }
        throw Requirement.isMissing("a PostgreSQL server is needed: apt-get install postgresql");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void prepare() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), ADMIN_PASSWORD);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x--x"));
        if (isRoot()) {
            run(List.of("chown", "-R", "postgres", folder.toString()));
        }
        asServer(
                programs.resolve("initdb").toString(),
                "--auth=scram-sha-256",
                "--username=admin",
                "--pwfile=" + password,
                "--no-sync",
                "--encoding=UTF8",
                "--locale=C",
                "-D",
                data().toString());
        up();
        admin("postgres", "CREATE ROLE owner LOGIN PASSWORD '" + OWNER_PASSWORD + "'");
        admin("postgres", "CREATE ROLE runner LOGIN PASSWORD '" + RUNNER_PASSWORD + "'");
        admin("postgres", "CREATE DATABASE codex OWNER owner");
    }

    /** Starts a server that follows this one, as a hot standby does: what is committed here comes a little later. */
    RealPostgresql startStandby() throws IOException {
        RealPostgresql standby =
                new RealPostgresql(programs, Files.createTempDirectory("codex-auth-postgresql-"), freePort());
        if (isRoot()) {
            run(List.of("chown", "postgres", standby.folder.toString()));
        }
        asServer(
                programs.resolve("pg_basebackup").toString(),
                "--no-sync",
                "--write-recovery-conf",
                "--checkpoint=fast",
                "--pgdata=" + standby.data(),
                "--dbname=host=127.0.0.1 port=" + port + " user=admin password=" + ADMIN_PASSWORD);
        standby.up();
        return standby;
    }

    /** Makes a standby the one to write to. */
    void promote() {
        control("promote", "-w");
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    Path data() {
        return folder.resolve("data");
    }

    /** Starts the server on the same data. */
    public void up() {
        control(
                "start",
                "-w",
                "-l",
                folder.resolve("log").toString(),
                "-o",
                "-p " + port + " -c listen_addresses=127.0.0.1 -c fsync=off -c unix_socket_directories=" + folder);
    }

    /** Keeps what it has. @return ends the server as a power cut does, and starts it on that; for once */
    public Runnable backUp() {
        String kept = data() + "-" + System.nanoTime();
        shutDown();
        asServer("cp", "-a", data().toString(), kept);
        up();
        return () -> {
            down();
            asServer("rm", "-rf", data().toString());
            asServer("mv", kept, data().toString());
            up();
        };
    }

    /** Ends it as a power cut does. */
    public void down() {
        control("stop", "-w", "-m", "immediate");
    }

    /** Ends it in order. */
    void shutDown() {
        control("stop", "-w", "-m", "fast");
    }

    private void control(String... words) {
        List<String> command =
                new ArrayList<>(List.of(programs.resolve("pg_ctl").toString(), "-s", "-D", data().toString()));
        command.addAll(List.of(words));
        asServer(command.toArray(String[]::new));
    }

    /** The server refuses to be root. */
    void asServer(String... command) {
        List<String> all = new ArrayList<>(isRoot() ? List.of("runuser", "-u", "postgres", "--") : List.of());
        all.addAll(List.of(command));
        run(all);
    }

    private void run(List<String> command) {
        try {
            Path log = folder.resolveSibling(folder.getFileName() + ".out");
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (process.waitFor() != 0) {
                throw new AssertionError(command + ": " + Files.readString(log, StandardCharsets.UTF_8));
            }
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public int port() {
        return port;
    }

    /** Speaks TLS from now on, and shows a certificate. */
    public void speakTls(OwnAuthority.Issued shown, OwnAuthority authority) throws IOException {
        own("server.crt", shown.certificate());
        own("server.key", shown.key());
        own("clients.pem", authority.bundle());
        admin("postgres", "ALTER SYSTEM SET ssl_ca_file = 'clients.pem'");
        admin("postgres", "ALTER SYSTEM SET ssl = on");
        reload();
    }

    /** Speaks no TLS any more. */
    void speakNoTls() {
        admin("postgres", "ALTER SYSTEM SET ssl = off");
        reload();
    }

    /** Judges whoever comes by a line of pg_hba.conf, before it judges by the others. */
    void judgeBy(String line) throws IOException {
        Path rules = data().resolve("pg_hba.conf");
        Files.writeString(rules, line + "\n" + Files.readString(rules));
        reload();
    }

    private void own(String name, Path source) throws IOException {
        Path file = Files.copy(source, data().resolve(name), StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        if (isRoot()) {
            run(List.of("chown", "postgres", file.toString()));
        }
    }

    /** Until whoever comes is judged by the new settings. */
    private void reload() {
        String before = ask("SELECT pg_conf_load_time()");
        control("reload");
        await().until(() -> !ask("SELECT pg_conf_load_time()").equals(before));
    }

    /** For {@code --store}, unencrypted on the loopback. */
    public String address(String user) {
        return "postgresql://" + user + "@127.0.0.1:" + port + "/codex?sslmode=disable&plaintext=allowed";
    }

    /** Has the rights of nobody but the server's operator. */
    public void admin(String database, String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** Runs a statement in the store's database. */
    public void admin(String sql) {
        admin("codex", sql);
    }

    /** The first value of an answer. */
    public String ask(String sql) {
        try (Connection connection = connect("codex");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?sslmode=disable", "admin", ADMIN_PASSWORD);
    }

    /** Lets leases believe that time has passed. */
    public void letPass(String interval) {
        admin("UPDATE codex_auth.credential SET lease_until = lease_until - interval '" + interval + "'");
    }

    public void empty() {
        admin("TRUNCATE codex_auth.credential, codex_auth.waiter, codex_auth.sharer, codex_auth.aside");
    }

    @Override
    public void close() {
        if (Files.exists(data().resolve("postmaster.pid"))) {
            control("stop", "-m", "immediate");
        }
        if (hasDisk) {
            run(List.of("umount", "--lazy", folder.toString()));
        }
        run(List.of("rm", "-rf", folder.toString()));
    }
}
