package io.github.codexauth.benchmark.fleet;

import io.github.codexauth.stores.postgresql.RealPostgresql;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What the peers share. */
final class Peers {
    private Peers() {}

    /** A connection for each call: short-lived runners have no pool of connections that would outlive a job. */
    static DataSource dataSource(RealPostgresql server) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {server.port()});
        source.setDatabaseName("codex");
        source.setUser("runner");
        source.setPassword(RealPostgresql.RUNNER_PASSWORD);
        return source;
    }

    static Contender.Turn turn(int login, Runnable end) {
        return new Contender.Turn() {
            @Override
            public int login() {
                return login;
            }

            @Override
            public void giveBack() {
                end.run();
            }
        };
    }
}
