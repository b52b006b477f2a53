package io.github.codexauth.stores.postgresql;

import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.CertificateFault;
import io.github.codexauth.stores.remote.Failure;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import javax.net.ssl.SSLException;

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
        Optional<CertificateFault> certificate = DriverSentences.isForAnotherName(e, address.hosts())
                ? Optional.of(CertificateFault.OTHER_NAME)
                : CertificateFault.of(e);
        if (certificate.isPresent()) {
            return refused(server() + " " + certificate.get().found(), remedy(certificate.get()));
        }
        if (DriverSentences.isWithoutTls(e)) {
            return refused(
                    server() + " has no TLS (sslmode=" + address.tls() + ")",
                    "let whoever keeps it set ssl = on; only where nobody can listen, as on a loopback:"
                            + " ?sslmode=disable");
        }
        if (isTlsRefused(e)) {
            return refused(
                    server() + " agrees on no TLS with this machine",
                    address.certificate().isPresent()
                            ? "let whoever keeps it see whether it takes the certificate that sslcert names"
                            : "if it asks for a certificate, name it: ?sslcert=/FILE&sslkey=/FILE; see its log");
        }
        if (state.equals("08004")) {
            return withPassword
                    ? refused(
                            server() + " asks '" + address.user() + "' for something else than a password (08004)",
                            "ask whoever keeps its pg_hba.conf for scram-sha-256")
                    : refused(
                            server() + " asks for a password",
                            "give the password by --store-password-file or --store-password-command");
        }
        if (state.startsWith("28")) {
            return refused(server() + " does not let '" + address.user() + "' in (" + state + ")", letIn(state));
        }
        if (state.equals("3D000")) {
            return refused(server() + " has no such database", "make it there: createdb " + address.database());
        }
        if (state.equals("42501")) {
            return refused(
                    "'" + address.user() + "' may not connect to " + address + ": it lacks the right CONNECT",
                    "let the database's owner run: GRANT CONNECT ON DATABASE " + address.database() + " TO \""
                            + address.user() + "\"");
        }
        if (state.equals("53300")) {
            return new Failure(
                    Failure.Kind.UNREACHED,
                    told(
                            server() + " has no connection left (53300)",
                            "raise max_connections, or put PgBouncer before it; see docs/stores.md"));
        }
        return new Failure(
                Failure.Kind.UNREACHED,
                told(
                        server() + " cannot be reached (" + state + ")",
                        "see whether it answers: pg_isready -h "
                                + address.hosts().get(0).name() + " -p "
                                + address.hosts().get(0).port()));
    }

    private String letIn(String state) {
        if (state.equals("28P01")) {
            return "give the password by --store-password-file";
        }
        String keeper = "ask whoever keeps its pg_hba.conf";
        if (address.tls().equals("disable")) {
            return keeper + "; it may ask for TLS: leave sslmode=disable out";
        }
        return address.certificate().isPresent()
                ? keeper
                : keeper + "; it may ask for a certificate: ?sslcert=/FILE&sslkey=/FILE";
    }

    private String server() {
        return "the PostgreSQL server of " + address;
    }

    private String remedy(CertificateFault fault) {
        if (fault == CertificateFault.OTHER_AUTHORITY) {
            return fault.remedy() + ": "
                    + address.authority()
                            .map(file -> "?sslrootcert=/FILE; " + file + " is of another one")
                            .orElse("?sslrootcert=/FILE");
        }
        ServerAddress.Host host = address.hosts().get(0);
        return fault.remedy() + "; see it: openssl s_client -starttls postgres -connect " + host.name() + ":"
                + host.port() + " </dev/null | openssl x509 -noout -dates -ext subjectAltName";
    }

    /** By an answer: what broke off, or came too late, may come the next time. */
    private static boolean isTlsRefused(Throwable e) {
        boolean isTls = false;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            isTls |= cause instanceof SSLException;
            if (cause instanceof IOException && !(cause instanceof SSLException)) {
                return false;
            }
        }
        return isTls;
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
            case "25006" -> refused(server() + " is a standby, or read-only", "name the primary in --store");
            case "53100" ->
                refused("the disk of the PostgreSQL server of " + address + " is full", "free some space there");
            default ->
                new Failure(
                        state.matches(NOTHING_DONE) ? Failure.Kind.REFUSED : Failure.Kind.UNANSWERED,
                        told(
                                server() + " did not do what was asked (" + state + ")",
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
