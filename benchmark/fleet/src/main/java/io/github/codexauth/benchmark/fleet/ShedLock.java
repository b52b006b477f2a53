package io.github.codexauth.benchmark.fleet;

import io.github.codexauth.stores.postgresql.RealPostgresql;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import org.springframework.jdbc.core.JdbcTemplate;

/** ShedLock's JDBC provider, by the database's clock. It does not wait, so a job tries all logins now and then. */
final class ShedLock implements Contender {
    private final RealPostgresql server;
    private final int logins;
    private final JdbcTemplateLockProvider locks;

    ShedLock(RealPostgresql server, int logins) {
        this.server = server;
        this.logins = logins;
        this.locks = new JdbcTemplateLockProvider(JdbcTemplateLockProvider.Configuration.builder()
                .withJdbcTemplate(new JdbcTemplate(Peers.dataSource(server)))
                .usingDbTime()
                .build());
    }

    @Override
    public String name() {
        return "ShedLock, each login tried twice a second";
    }

    @Override
    public void prepare() {
        server.admin("codex", "CREATE TABLE public.shedlock (name varchar(64) PRIMARY KEY, lock_until timestamp NOT NULL,"
                + " locked_at timestamp NOT NULL, locked_by varchar(255) NOT NULL)");
        server.admin("codex", "GRANT ALL ON public.shedlock TO runner");
    }

    @Override
    public Turn take(int job) throws InterruptedException {
        while (true) {
            int first = ThreadLocalRandom.current().nextInt(logins);
            for (int i = 0; i < logins; i++) {
                int login = (first + i) % logins;
                Optional<SimpleLock> lock = locks.lock(
                        new LockConfiguration(Instant.now(), "fleet." + login, Duration.ofMinutes(2), Duration.ZERO));
                if (lock.isPresent()) {
                    return Peers.turn(login, lock.get()::unlock);
                }
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
    }
}
