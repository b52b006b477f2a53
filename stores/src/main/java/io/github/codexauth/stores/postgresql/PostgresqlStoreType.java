package io.github.codexauth.stores.postgresql;

import io.github.codexauth.CredentialId;
import io.github.codexauth.UsageException;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.NamedStore;
import io.github.codexauth.stores.OpenedStore;
import io.github.codexauth.stores.PasswordSource;
import io.github.codexauth.stores.PreparedStore;
import io.github.codexauth.stores.StoreType;
import io.github.codexauth.stores.remote.LeaseTimes;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Stores in a database: {@code postgresql://user@host/database}. */
public final class PostgresqlStoreType implements StoreType {
    @Override
    public String scheme() {
        return "postgresql";
    }

    @Override
    public String example() {
        return ServerAddress.EXAMPLE;
    }

    @Override
    public NamedStore at(String rest, PasswordSource password) throws UsageException {
        return new Named(ServerAddress.parse(rest), password);
    }

    private record Named(ServerAddress address, PasswordSource password) implements PreparedStore {
        @Override
        public Optional<Path> folder() {
            return Optional.empty();
        }

        @Override
        public OpenedStore open(Clock clock) throws StoreException {
            Database database = new Database(address, password);
            new Schema(database).requireReadable();
            return new OpenedStore(new PostgresqlStore(database, LeaseTimes.USUAL, clock), Optional.empty(), List.of());
        }

        @Override
        public List<String> prepare(Optional<String> role, List<CredentialId> ids) throws StoreException {
            new Schema(new Database(address, password)).make();
            return Schema.rights(role.orElse("codex_auth_runner"));
        }

        @Override
        public List<Weakness> weaknesses() throws StoreException {
            List<Weakness> found = new ArrayList<>();
            if (!address.tls().equals(ServerAddress.VERIFIED)) {
                found.add(new Weakness(
                        "sslmode=" + address.tls() + " does not prove that the server of " + address
                                + " is the one that is meant",
                        "leave sslmode out, and name its authority where it is your own: ?sslrootcert=/FILE"));
            }
            Database database = new Database(address, password);
            Bell bell = new Bell(database, new LeaseRows(LeaseTimes.USUAL));
            if (bell.isThere() && !bell.isHeard()) {
                found.add(new Weakness(
                        "notify=on does nothing: a pooler, such as PgBouncer, answers for " + address
                                + ", and keeps what rings; jobs that wait look now and then",
                        "name the server itself in --store, or leave notify=on out"));
            }
            if (!new Schema(database).hasStrays()) {
                StoreUnavailableException old = DatabaseStrays.tooOld(address);
                found.add(new Weakness(old.problem(), old.hint()));
            }
            return found;
        }

        @Override
        public String toString() {
            return address.toString();
        }
    }
}
