package io.github.codexauth.benchmark.fleet;

import io.github.codexauth.stores.postgresql.RealPostgresql;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Lock;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Spring Integration's JDBC lock registry. Its lock waits for one name, so a job tries all logins now and then. */
final class SpringIntegration implements Contender {
    private final RealPostgresql server;
    private final int logins;

    SpringIntegration(RealPostgresql server, int logins) {
        this.server = server;
        this.logins = logins;
    }

    @Override
    public String name() {
        return "Spring Integration's JDBC lock, each login tried twice a second";
    }

    @Override
    public void prepare() {
        server.admin("codex", "CREATE TABLE public.int_lock (lock_key char(36) NOT NULL, region varchar(100) NOT NULL,"
                + " client_id char(36), created_date timestamp NOT NULL,"
                + " PRIMARY KEY (lock_key, region))");
        server.admin("codex", "GRANT ALL ON public.int_lock TO runner");
    }

    @Override
    public Turn take(int job) throws InterruptedException {
        // One registry each: locks of one registry exclude each other inside of their process already.
        DefaultLockRepository repository = new DefaultLockRepository(Peers.dataSource(server));
        repository.setTransactionManager(new JdbcTransactionManager(Peers.dataSource(server)));
        repository.afterPropertiesSet();
        repository.afterSingletonsInstantiated();
        JdbcLockRegistry registry = new JdbcLockRegistry(repository);
        while (true) {
            int first = ThreadLocalRandom.current().nextInt(logins);
            for (int i = 0; i < logins; i++) {
                int login = (first + i) % logins;
                Lock lock = registry.obtain("fleet." + login);
                if (lock.tryLock()) {
                    return Peers.turn(login, lock::unlock);
                }
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
    }
}
