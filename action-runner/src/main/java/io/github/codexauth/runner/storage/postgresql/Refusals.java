package io.github.codexauth.runner.storage.postgresql;

import io.github.codexauth.runner.storage.remote.Failure;
import io.github.codexauth.store.StoreUnavailableException;
import java.sql.SQLException;

/** What a server's answers mean, in our own words: its sentences are not shown, since they may quote anything. */
record Refusals(ServerAddress address) {
    /**
     * Classes of SQLSTATE by which a server says that it has done nothing; all others leave it open. Whoever paused
     * in a transaction for too long (25P03) may try again.
     */
    private static final String NOTHING_DONE = "(0A|22|23|25(?!P03)|26|28|3D|3F|40|42|53|54|55).*";

    /**
     * A failure to connect.
     *
     * @param withPassword whether one was given
     */
    Failure connecting(boolean withPassword, SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (state.equals("08004") && !withPassword) {
            // The driver's word for both; which one it was only a sentence in the user's language would say.
            return refused(
                    "the PostgreSQL server of " + address + " asks for a password"
                            + (address.tls().equals("disable")
                                    ? ""
                                    : ", or has no TLS (sslmode=" + address.tls() + ")"),
                    "give the password by --store-password-file or --store-password-command");
        }
        if (state.startsWith("28")) {
            return refused(
                    "the PostgreSQL server of " + address + " does not let '" + address.user() + "' in (" + state + ")",
                    "give the password by --store-password-file, or ask whoever keeps its pg_hba.conf");
        }
        if (state.equals("3D000")) {
            return refused(
                    "the PostgreSQL server of " + address + " has no such database",
                    "make it there: createdb " + address.database());
        }
        if (state.equals("42501")) {
            return refused(
                    "'" + address.user() + "' may not connect to " + address + ": it lacks the right CONNECT",
                    "let the database's owner run: GRANT CONNECT ON DATABASE " + address.database() + " TO \""
                            + address.user() + "\"");
        }
        if (state.equals("08004") || isAboutCertificates(e)) {
            return refused(
                    "there is no TLS (sslmode=" + address.tls() + ") with the PostgreSQL server of " + address,
                    "name the file of the authority that signed its certificate: ?sslrootcert=/FILE; only where nobody"
                            + " can listen, as on a loopback: ?sslmode=disable");
        }
        if (state.equals("53300")) {
            return new Failure(
                    Failure.Kind.UNREACHED,
                    told(
                            "the PostgreSQL server of " + address + " has no connection left (53300)",
                            "raise max_connections, or put PgBouncer before it; see docs/stores.md"));
        }
        return new Failure(
                Failure.Kind.UNREACHED,
                told(
                        "the PostgreSQL server of " + address + " cannot be reached (" + state + ")",
                        "see whether it answers: pg_isready -h "
                                + address.hosts().get(0).name() + " -p "
                                + address.hosts().get(0).port()));
    }

    private static boolean isAboutCertificates(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof javax.net.ssl.SSLHandshakeException
                    || cause instanceof java.security.cert.CertificateException) {
                return true;
            }
        }
        return false;
    }

    /**
     * A failure of a statement.
     *
     * @param right what the statement needs, for one who lacks it
     */
    Failure asking(String right, SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return switch (state) {
            case "42501" ->
                refused(
                        "'" + address.user() + "' lacks the right " + right + " in " + address,
                        "let the owner of the schema run what this prints: codex-auth store init --store …");
            case "42P01", "3F000", "42703" ->
                refused(
                        "the database of " + address + " has no tables of codex-auth, or older ones",
                        "make them, as their owner: codex-auth store init --store …");
            case "25006" ->
                refused(
                        "the PostgreSQL server of " + address + " is a standby, or read-only",
                        "name the primary in --store");
            case "53100" ->
                refused("the disk of the PostgreSQL server of " + address + " is full", "free some space there");
            default ->
                new Failure(
                        state.matches(NOTHING_DONE) ? Failure.Kind.REFUSED : Failure.Kind.UNANSWERED,
                        told(
                                "the PostgreSQL server of " + address + " did not do what was asked (" + state + ")",
                                "look into its log, and at: codex-auth doctor"));
        };
    }

    private static Failure refused(String problem, String hint) {
        return new Failure(Failure.Kind.REFUSED, told(problem, hint));
    }

    private static StoreUnavailableException told(String problem, String hint) {
        return new StoreUnavailableException(problem, hint);
    }
}
