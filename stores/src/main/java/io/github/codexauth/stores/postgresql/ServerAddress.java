package io.github.codexauth.stores.postgresql;

import io.github.codexauth.PathText;
import io.github.codexauth.UsageException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A database, as {@code postgresql://USER@HOST:PORT/DATABASE?PARAMETERS} names it.
 *
 * @param hosts the servers of which one is the primary, at least one
 * @param tls how the server is believed: one of libpq's words for {@code sslmode}
 * @param authority the file of the authority that signed the server's certificate; empty for those that Java knows
 * @param certificate of us, for a server that asks for one
 * @param key its key, in DER as PKCS#8
 * @param plaintext whether logins may lie there unencrypted
 * @param rings whether those who wait are woken by {@code NOTIFY}
 */
record ServerAddress(
        String user,
        List<Host> hosts,
        String database,
        String tls,
        Optional<Path> authority,
        Optional<Path> certificate,
        Optional<Path> key,
        boolean plaintext,
        boolean rings) {
    static final String EXAMPLE = "postgresql://codex_auth_runner@db.example.com/codex_auth";

    public ServerAddress {
        hosts = List.copyOf(hosts);
    }

    /**
     * One of the servers that may be the one to write to.
     *
     * @param name a name or a number; one of IPv6 in brackets
     * @param port 5432 unless it is said
     */
    record Host(String name, int port) {
        private static final int USUAL_PORT = 5432;
        private static final Pattern TEXT =
                Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9a-fA-F:.]{2,45}])(?::([0-9]{1,5}))?");

        private static List<Host> list(String text) throws UsageException {
            List<Host> hosts = new ArrayList<>();
            for (String word : text.split(",", -1)) {
                Matcher host = TEXT.matcher(word);
                if (!host.matches()) {
                    throw unusable("needs a user, a host and a database");
                }
                int port = host.group(2) == null ? USUAL_PORT : Integer.parseInt(host.group(2));
                if (port < 1 || port > 65_535) {
                    throw unusable("has a port that is none");
                }
                hosts.add(new Host(host.group(1), port));
            }
            return hosts;
        }

        static String text(List<Host> hosts) {
            return String.join(",", hosts.stream().map(Host::toString).toList());
        }

        @Override
        public String toString() {
            return name + (port == USUAL_PORT ? "" : ":" + port);
        }
    }

    private static final Pattern ADDRESS =
            Pattern.compile("//(?<user>[^\\s:@/?]+)(?<password>:[^@/]*)?@(?<hosts>[^@/?]+)"
                    + "/(?<database>[^\\s/?]+)(?:\\?(?<query>.*))?");

    /** The one that proves that it is our server. */
    static final String VERIFIED = "verify-full";

    /**
     * Reads what follows the scheme and its colon.
     *
     * @throws UsageException if it is no such address; the message does not quote it
     */
    static ServerAddress parse(String rest) throws UsageException {
        // No java.net.URI: it knows of one host.
        Matcher parts = ADDRESS.matcher(rest);
        if (!parts.matches()) {
            throw unusable("needs a user, a host and a database");
        }
        if (parts.group("password") != null) {
            throw new UsageException(
                    "--store holds a password, so treat it as leaked",
                    "put it into a file of its own, and name that: --store-password-file FILE");
        }
        ServerAddress address = new ServerAddress(
                decoded(parts.group("user")),
                Host.list(parts.group("hosts")),
                decoded(parts.group("database")),
                VERIFIED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false);
        String query = parts.group("query");
        for (String parameter : query == null ? new String[0] : query.split("&")) {
            int equals = parameter.indexOf('=');
            address = address.with(
                    equals < 0 ? parameter : parameter.substring(0, equals),
                    equals < 0 ? "" : decoded(parameter.substring(equals + 1)));
        }
        if (address.certificate().isPresent() != address.key().isPresent()) {
            throw unusable("has one of sslcert and sslkey without the other");
        }
        if (address.certificate().isPresent() && address.authority().isEmpty()) {
            // The driver either believes what Java believes, or shows a certificate.
            throw unusable("has sslcert without sslrootcert");
        }
        return address;
    }

    /** As in every URI; a name with an at sign in it, as some clouds have them, is written with %40. */
    private static String decoded(String text) throws UsageException {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException quoted) {
            throw unusable("has a percent sign with something else than two digits behind it");
        }
    }

    private ServerAddress with(String name, String value) throws UsageException {
        return switch (name) {
            case "sslmode" -> {
                if (!value.matches("disable|require|verify-ca|verify-full")) {
                    throw unusable("has an sslmode that is none of disable, require, verify-ca and verify-full");
                }
                yield new ServerAddress(user, hosts, database, value, authority, certificate, key, plaintext, rings);
            }
            case "sslrootcert" ->
                new ServerAddress(user, hosts, database, tls, file(value), certificate, key, plaintext, rings);
            case "sslcert" ->
                new ServerAddress(user, hosts, database, tls, authority, file(value), key, plaintext, rings);
            case "sslkey" ->
                new ServerAddress(user, hosts, database, tls, authority, certificate, file(value), plaintext, rings);
            case "plaintext" -> {
                if (!value.equals("allowed")) {
                    throw unusable("has a value for plaintext that is not 'allowed'");
                }
                yield new ServerAddress(user, hosts, database, tls, authority, certificate, key, true, rings);
            }
            case "notify" -> {
                if (!value.equals("on")) {
                    throw unusable("has a value for notify that is not 'on'");
                }
                yield new ServerAddress(user, hosts, database, tls, authority, certificate, key, plaintext, true);
            }
            default ->
                throw unusable("has a parameter that is none of sslmode, sslrootcert, sslcert, sslkey, plaintext and"
                        + " notify");
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
        return "postgresql://" + user + "@" + Host.text(hosts) + "/" + database;
    }
}
