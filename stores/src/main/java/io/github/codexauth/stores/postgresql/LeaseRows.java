package io.github.codexauth.stores.postgresql;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.HeldLease;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Occupancy;
import io.github.codexauth.stores.remote.LeaseTimes;
import io.github.codexauth.stores.remote.Line;
import io.github.codexauth.stores.remote.OurLease;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * Who has which credential, and who waits, as rows. Every statement may be sent twice: a lease belongs to a random
 * word, its owner, and what an owner has already it gets again.
 *
 * @param times how long a lease lasts
 */
record LeaseRows(LeaseTimes times) {
    /** Behind everybody who waits. */
    static final long NO_TICKET = Long.MAX_VALUE;

    /**
     * Whoever looks so much later than he promised, as on a machine with too much work, still has his place. Nobody
     * waits for him until he comes.
     */
    private static final Duration LATE = Duration.ofMinutes(1);

    /**
     * Of the free ones that nobody who came earlier wants. Where several are wanted, also one that somebody wants, as
     * long as there are more of them than there are such people. The one whose access token lives longest first.
     *
     * <p>Whether one is free is a condition of its own, so that people are counted only where there is something to
     * take. Whoever takes one leaves the line by it, so that nobody counts him beside what he took.
     */
    private static final String ACQUIRE = """
            WITH taken AS (
            UPDATE codex_auth.credential
               SET epoch = epoch + CASE WHEN owner IS NOT DISTINCT FROM ? THEN 0 ELSE 1 END,
                   owner = ?, holder = ?, since = ?, claim = NULL, lease_until = clock_timestamp() + ?::interval
             WHERE id = (
               SELECT free.id
                 FROM codex_auth.credential AS free,
                      LATERAL (SELECT count(*) AS people FROM codex_auth.waiter
                                WHERE ticket < ? AND alive_until > clock_timestamp() AND free.id = ANY(ids)) AS ahead
                WHERE free.id = ANY(?)
                  AND (free.owner = ? OR free.lease_until <= clock_timestamp())
                  AND (free.owner = ?
                       OR ahead.people = 0
                       OR (SELECT count(*) FROM codex_auth.waiter
                            WHERE ticket < ? AND alive_until > clock_timestamp() AND ids && ?)
                          < (SELECT count(*) FROM codex_auth.credential
                              WHERE id = ANY(?) AND lease_until <= clock_timestamp()))
                ORDER BY free.owner IS NOT DISTINCT FROM ? DESC, ahead.people, free.expires DESC NULLS LAST, free.id
                  FOR UPDATE OF free SKIP LOCKED
                LIMIT 1)
            RETURNING id, epoch),
            gone AS (DELETE FROM codex_auth.waiter WHERE ticket = ? AND EXISTS (SELECT FROM taken))
            SELECT id, epoch FROM taken""";

    private static final String OCCUPANCY = """
            SELECT id, epoch, holder, since, claim, lease_until FROM codex_auth.credential
             WHERE id = ANY(?) AND lease_until > clock_timestamp()
             ORDER BY lease_until LIMIT 1""";

    /**
     * Also after its time, if nobody took it; and where a back-up brought a time back at which it was not ours yet.
     * Never after it was given back, however late this arrives.
     */
    private static final String RENEW = """
            UPDATE codex_auth.credential
               SET epoch = ?, owner = ?, holder = ?, since = ?, lease_until = clock_timestamp() + ?::interval
             WHERE id = ? AND (owner = ? OR claim IS NULL AND epoch < ? AND lease_until <= clock_timestamp())""";

    private static final String FREE =
            "owner = NULL, holder = NULL, since = NULL, claim = NULL, lease_until = '-infinity'";

    Optional<OurLease> acquire(Connection connection, String owner, Holder holder, List<CredentialId> ids, long ticket)
            throws SQLException {
        Object names = names(connection, ids);
        return Statements.first(
                connection,
                ACQUIRE,
                row -> new OurLease(new CredentialId(row.getString(1)), row.getLong(2), owner, holder),
                owner,
                owner,
                holder.description(),
                holder.since().toString(),
                Statements.interval(times.term()),
                ticket,
                names,
                owner,
                owner,
                ticket,
                names,
                names,
                owner,
                ticket);
    }

    /** Makes the row of a credential that nobody ever had. */
    void make(Connection connection, CredentialId id) throws SQLException {
        Statements.change(
                connection, "INSERT INTO codex_auth.credential (id) VALUES (?) ON CONFLICT DO NOTHING", id.value());
    }

    /** Who has one of them. */
    Optional<Line.Busy> occupancy(Connection connection, List<CredentialId> ids) throws SQLException {
        return Statements.first(connection, OCCUPANCY, LeaseRows::seen, names(connection, ids));
    }

    /** The lease of one. */
    Optional<HeldLease> look(Connection connection, CredentialId id) throws SQLException {
        return Statements.first(
                connection,
                OCCUPANCY,
                row -> new HeldLease(row.getLong("epoch"), seen(row).occupancy()),
                names(connection, List.of(id)));
    }

    private static Line.Busy seen(ResultSet row) throws SQLException {
        return new Line.Busy(
                new CredentialId(row.getString("id")),
                new Occupancy(
                        new Holder(
                                String.valueOf(row.getString("holder")),
                                Instant.parse(String.valueOf(row.getString("since")))),
                        row.getString("claim") == null
                                ? Optional.empty()
                                : Optional.of(row.getObject("lease_until", OffsetDateTime.class)
                                        .toInstant())));
    }

    /** @return whether it is still this owner's */
    boolean renew(Connection connection, OurLease ours) throws SQLException {
        return Statements.change(
                        connection,
                        RENEW,
                        ours.epoch(),
                        ours.owner(),
                        ours.holder().description(),
                        ours.holder().since().toString(),
                        Statements.interval(times.term()),
                        ours.id().value(),
                        ours.owner(),
                        ours.epoch())
                > 0;
    }

    /** @return whether it was this owner's */
    boolean release(Connection connection, OurLease ours) throws SQLException {
        return Statements.change(
                        connection,
                        "UPDATE codex_auth.credential SET " + FREE + " WHERE id = ? AND owner = ?",
                        ours.id().value(),
                        ours.owner())
                > 0;
    }

    /** @return whether it was this owner's, and is the claim's now */
    boolean detach(Connection connection, OurLease ours, String claim, Duration time) throws SQLException {
        return Statements.change(
                        connection,
                        "UPDATE codex_auth.credential"
                                + " SET owner = NULL, claim = ?, lease_until = clock_timestamp() + ?::interval"
                                + " WHERE id = ? AND (owner = ? OR claim = ?)",
                        claim,
                        Statements.interval(time),
                        ours.id().value(),
                        ours.owner(),
                        claim)
                > 0;
    }

    /** Empty if it is not this claim's. */
    Optional<OurLease> resume(Connection connection, CredentialId id, String owner, String claim) throws SQLException {
        return Statements.first(
                connection,
                "UPDATE codex_auth.credential"
                        + " SET epoch = epoch + CASE WHEN owner IS NOT DISTINCT FROM ? THEN 0 ELSE 1 END,"
                        + " owner = ?, claim = NULL, lease_until = clock_timestamp() + ?::interval"
                        + " WHERE id = ? AND (claim = ? OR owner = ?) RETURNING epoch, holder, since",
                row -> new OurLease(
                        id, row.getLong(1), owner, new Holder(row.getString(2), Instant.parse(row.getString(3)))),
                owner,
                owner,
                Statements.interval(times.term()),
                id.value(),
                claim,
                owner);
    }

    /** @return whether it was there; its holder must not find the number that he knows */
    boolean end(Connection connection, CredentialId id, long epoch) throws SQLException {
        return Statements.change(
                        connection,
                        "UPDATE codex_auth.credential SET epoch = epoch + 1, " + FREE
                                + " WHERE id = ? AND epoch = ? AND lease_until > clock_timestamp()",
                        id.value(),
                        epoch)
                > 0;
    }

    /** Whether nobody has a credential, and nobody has had it since it came to this epoch. */
    boolean isFree(Connection connection, CredentialId id, long epoch) throws SQLException {
        return Statements.first(
                        connection,
                        "SELECT 1 FROM codex_auth.credential WHERE id = ? AND epoch = ?"
                                + " AND (lease_until IS NULL OR lease_until <= clock_timestamp())",
                        row -> row.getInt(1),
                        id.value(),
                        epoch)
                .isPresent();
    }

    /** A place in the line, at its end, and away with those of people who are long gone. */
    long join(Connection connection, List<CredentialId> ids, Duration alive) throws SQLException {
        Statements.change(
                connection,
                "DELETE FROM codex_auth.waiter WHERE alive_until < clock_timestamp() - ?::interval",
                Statements.interval(LATE));
        return Statements.first(
                        connection,
                        "INSERT INTO codex_auth.waiter (ids, alive_until)"
                                + " VALUES (?, clock_timestamp() + ?::interval) RETURNING ticket",
                        row -> row.getLong(1),
                        names(connection, ids),
                        Statements.interval(alive))
                .orElseThrow();
    }

    /** How many are before us; empty if our place in the line is gone, as after a long pause. */
    Optional<Integer> stay(Connection connection, long ticket, List<CredentialId> ids, Duration alive)
            throws SQLException {
        return Statements.first(
                connection,
                "UPDATE codex_auth.waiter AS us SET alive_until = clock_timestamp() + ?::interval WHERE ticket = ?"
                        + " RETURNING (SELECT count(*) FROM codex_auth.waiter AS other WHERE other.ticket < us.ticket"
                        + " AND other.alive_until > clock_timestamp() AND other.ids && ?)",
                row -> row.getInt(1),
                Statements.interval(alive),
                ticket,
                names(connection, ids));
    }

    /** How many have a place for a credential. */
    int waiters(Connection connection, CredentialId id) throws SQLException {
        return Statements.first(
                        connection,
                        "SELECT count(*) FROM codex_auth.waiter WHERE ids @> ? AND alive_until > clock_timestamp()",
                        row -> row.getInt(1),
                        names(connection, List.of(id)))
                .orElse(0);
    }

    /** Tells those who are next for a credential that it is free, by the numbers of their places. */
    void ring(Connection connection, CredentialId id, String channel, int people) throws SQLException {
        Statements.first(
                connection,
                "SELECT count(pg_notify(?, next.ticket::text)) FROM (SELECT ticket FROM codex_auth.waiter"
                        + " WHERE ids @> ? AND alive_until > clock_timestamp() ORDER BY ticket LIMIT ?) AS next",
                row -> row.getInt(1),
                channel,
                names(connection, List.of(id)),
                people);
    }

    void leave(Connection connection, long ticket) throws SQLException {
        Statements.change(connection, "DELETE FROM codex_auth.waiter WHERE ticket = ?", ticket);
    }

    private static Object names(Connection connection, List<CredentialId> ids) throws SQLException {
        return Statements.texts(
                connection, ids.stream().map(CredentialId::value).toArray());
    }
}
