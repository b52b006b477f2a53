package io.github.codexauth.stores.postgresql;

import io.github.codexauth.SecretText;
import io.github.codexauth.stores.PasswordSource;
import io.github.codexauth.stores.remote.LeaseTimes;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Stores on a test's server. */
final class OnPostgresql {
    /** So short that a test sees it end, and so long that a busy machine does not. */
    static final LeaseTimes SHORT =
            new LeaseTimes(Duration.ofSeconds(8), Duration.ofMillis(300), Duration.ofSeconds(4));

    private OnPostgresql() {}

    static PasswordSource password(String password) {
        return () -> Optional.of(SecretText.of(password));
    }

    static Database as(String user, String password, int port) {
        return new Database(address(user, port), password(password));
    }

    static ServerAddress address(String user, int port) {
        return new ServerAddress(
                user,
                List.of(new ServerAddress.Host("127.0.0.1", port)),
                "codex",
                "disable",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                false);
    }

    /** Makes the tables, and gives the runners' role what is printed for it. */
    static void prepare(RealPostgresql server) throws Exception {
        new Schema(as("owner", RealPostgresql.OWNER_PASSWORD, server.port())).make();
        Schema.rights("runner").forEach(server::admin);
    }

    /** The store as a runner sees it. */
    static PostgresqlStore store(int port, LeaseTimes times) {
        return new PostgresqlStore(as("runner", RealPostgresql.RUNNER_PASSWORD, port), times, Clock.systemUTC());
    }

    /** A store whose waiting jobs are woken. */
    static PostgresqlStore ringing(int port) {
        return new PostgresqlStore(ringingDatabase(port), LeaseTimes.USUAL, Clock.systemUTC());
    }

    static Database ringingDatabase(int port) {
        ServerAddress silent = address("runner", port);
        return new Database(
                new ServerAddress(
                        silent.user(),
                        silent.hosts(),
                        silent.database(),
                        silent.tls(),
                        silent.authority(),
                        silent.certificate(),
                        silent.key(),
                        silent.plaintext(),
                        true),
                password(RealPostgresql.RUNNER_PASSWORD));
    }

    static PostgresqlStore store(RealPostgresql server) {
        return store(server.port(), LeaseTimes.USUAL);
    }
}
