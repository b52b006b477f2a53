package io.github.codexauth.stores.postgresql;

import java.sql.SQLException;
import java.util.List;
import org.postgresql.util.GT;

/**
 * The driver's own sentences, in whatever language it says them here. It has one SQLSTATE for several failures, of
 * which some are for good and some are over a moment later.
 */
final class DriverSentences {
    private DriverSentences() {}

    /** Whether the server has said that it speaks no TLS. */
    static boolean isWithoutTls(SQLException e) {
        return GT.tr("The server does not support SSL.").equals(e.getMessage());
    }

    /** Whether the server's certificate is for other names than that by which it was called. */
    static boolean isForAnotherName(SQLException e, List<ServerAddress.Host> called) {
        return called.stream()
                .map(host -> GT.tr(
                        "The hostname {0} could not be verified by hostnameverifier {1}.",
                        host.name(), "PgjdbcHostnameVerifier"))
                .anyMatch(sentence -> sentence.equals(e.getMessage()));
    }
}
