package io.github.codexauth.runner.storage.postgresql;

import io.github.codexauth.runner.input.PathText;
import io.github.codexauth.runner.input.UsageException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A database, as {@code postgresql://USER@HOST:PORT/DATABASE?PARAMETERS} names it.
 *
 * @param host a name or an address
 * @param tls how the server is believed: one of libpq's words for {@code sslmode}
 * @param authority the file of the authority that signed the server's certificate; empty for those that Java knows
 * @param certificate of us, for a server that asks for one
 * @param key its key, in DER as PKCS#8 or in PKCS#12
 * @param plaintext whether logins may lie there unencrypted
 */
record ServerAddress(
        String user,
        String host,
        int port,
        String database,
        String tls,
        Optional<Path> authority,
        Optional<Path> certificate,
        Optional<Path> key,
        boolean plaintext) {
    static final String EXAMPLE = "postgresql://codex_auth_runner@db.example.com/codex_auth";

    private static final int USUAL_PORT = 5432;

    /** The one that proves that it is our server. */
    static final String VERIFIED = "verify-full";

    /**
     * Reads what follows the scheme and its colon.
     *
     * @throws UsageException if it is no such address; the message does not quote it
     */
    static ServerAddress parse(String rest) throws UsageException {
        URI uri;
        try {
            uri = new URI("postgresql:" + rest);
        } catch (URISyntaxException quoted) {
            throw unusable("is no address");
        }
        String user = uri.getUserInfo();
        if (user != null && user.contains(":")) {
            throw new UsageException(
                    "--store holds a password, so treat it as leaked",
                    "put it into a file of its own, and name that: --store-password-file FILE");
        }
        String path = uri.getPath();
        if (user == null || uri.getHost() == null || path == null || !path.matches("/[^/]+")) {
            throw unusable("needs a user, a host and a database");
        }
        ServerAddress address = new ServerAddress(
                user,
                uri.getHost(),
                uri.getPort() < 0 ? USUAL_PORT : uri.getPort(),
                path.substring(1),
                VERIFIED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
        String query = uri.getQuery();
        for (String parameter : query == null ? new String[0] : query.split("&")) {
            int equals = parameter.indexOf('=');
            address = address.with(
                    equals < 0 ? parameter : parameter.substring(0, equals),
                    equals < 0 ? "" : parameter.substring(equals + 1));
        }
        return address;
    }

    private ServerAddress with(String name, String value) throws UsageException {
        return switch (name) {
            case "sslmode" -> {
                if (!value.matches("disable|require|verify-ca|verify-full")) {
                    throw unusable("has an sslmode that is none of disable, require, verify-ca and verify-full");
                }
                yield new ServerAddress(user, host, port, database, value, authority, certificate, key, plaintext);
            }
            case "sslrootcert" ->
                new ServerAddress(user, host, port, database, tls, file(value), certificate, key, plaintext);
            case "sslcert" ->
                new ServerAddress(user, host, port, database, tls, authority, file(value), key, plaintext);
            case "sslkey" ->
                new ServerAddress(user, host, port, database, tls, authority, certificate, file(value), plaintext);
            case "plaintext" -> {
                if (!value.equals("allowed")) {
                    throw unusable("has a value for plaintext that is not 'allowed'");
                }
                yield new ServerAddress(user, host, port, database, tls, authority, certificate, key, true);
            }
            default ->
                throw unusable("has a parameter that is none of sslmode, sslrootcert, sslcert, sslkey and plaintext");
        };
    }

    private static Optional<Path> file(String value) throws UsageException {
        if (!value.startsWith("/")) {
            throw unusable("names a file by something else than its whole path");
        }
        return Optional.of(PathText.parse(value, "--store"));
    }

    private static UsageException unusable(String what) {
        return new UsageException("--store postgresql: " + what, "write it like this: --store " + EXAMPLE);
    }

    /** The address as messages show it. */
    @Override
    public String toString() {
        return "postgresql://" + user + "@" + host + (port == USUAL_PORT ? "" : ":" + port) + "/" + database;
    }
}
