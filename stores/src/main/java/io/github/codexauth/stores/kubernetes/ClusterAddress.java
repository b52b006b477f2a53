package io.github.codexauth.stores.kubernetes;

import io.github.codexauth.PathText;
import io.github.codexauth.UsageException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A store in a cluster, as {@code k8s://NAMESPACE/PREFIX?PARAMETERS} names it.
 *
 * @param namespace in which its objects lie
 * @param prefix what their names begin with
 * @param server where the API server is
 * @param authority the file of the authority that signed its certificate; empty for those that Java knows
 * @param token the file of our token, read for every call; empty if it comes from elsewhere
 * @param plaintext whether logins may lie there unencrypted
 */
record ClusterAddress(
        String namespace,
        String prefix,
        URI server,
        Optional<Path> authority,
        Optional<Path> token,
        boolean plaintext) {
    static final String EXAMPLE = "k8s://ci/codex-auth";

    /** The name that every cluster gives its API server. */
    private static final URI IN_THE_CLUSTER = URI.create("https://kubernetes.default.svc");

    /** Where the kubelet puts what a pod needs to speak to it. */
    private static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private static final String LABEL = "[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?";
    private static final Pattern ADDRESS = Pattern.compile("//(" + LABEL + ")/(" + LABEL + ")(?:\\?(.*))?");

    /**
     * Reads what follows the scheme and its colon.
     *
     * @throws UsageException if it is no such address; the message does not quote it
     */
    static ClusterAddress parse(String rest) throws UsageException {
        Matcher matcher = ADDRESS.matcher(rest);
        if (!matcher.matches()) {
            throw unusable("needs a namespace and a prefix, both of a-z 0-9 -");
        }
        ClusterAddress address = new ClusterAddress(
                matcher.group(1),
                matcher.group(2),
                IN_THE_CLUSTER,
                Optional.of(SERVICE_ACCOUNT.resolve("ca.crt")),
                Optional.of(SERVICE_ACCOUNT.resolve("token")),
                false);
        String query = matcher.group(3);
        if (query != null && (query.startsWith("server=") || query.contains("&server="))) {
            // What a pod has is for its own cluster alone.
            address = address.with(Optional.empty(), Optional.empty());
        }
        for (String parameter : query == null ? new String[0] : query.split("&")) {
            int equals = parameter.indexOf('=');
            address = address.with(
                    equals < 0 ? parameter : parameter.substring(0, equals),
                    equals < 0 ? "" : parameter.substring(equals + 1));
        }
        return address;
    }

    private ClusterAddress with(Optional<Path> authorityFile, Optional<Path> tokenFile) {
        return new ClusterAddress(namespace, prefix, server, authorityFile, tokenFile, plaintext);
    }

    private ClusterAddress with(String name, String value) throws UsageException {
        return switch (name) {
            case "server" -> new ClusterAddress(namespace, prefix, server(value), authority, token, plaintext);
            case "ca" -> with(file(value), token);
            case "token" -> with(authority, file(value));
            case "plaintext" -> {
                if (!value.equals("allowed")) {
                    throw unusable("has a value for plaintext that is not 'allowed'");
                }
                yield new ClusterAddress(namespace, prefix, server, authority, token, true);
            }
            default -> throw unusable("has a parameter that is none of server, ca, token and plaintext");
        };
    }

    /** A token on a wire that others read is a token lost, so that nothing but https will do. */
    private static URI server(String value) throws UsageException {
        try {
            URI uri = new URI(value);
            if ("https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null) {
                return URI.create(value.endsWith("/") ? value.substring(0, value.length() - 1) : value);
            }
        } catch (URISyntaxException quoted) {
            throw unusable("has a server that is no address");
        }
        throw unusable("has a server that is no https address");
    }

    private static Optional<Path> file(String value) throws UsageException {
        if (!value.startsWith("/")) {
            throw unusable("names a file by something else than its whole path");
        }
        return Optional.of(PathText.parse(value, "--store"));
    }

    private static UsageException unusable(String what) {
        return new UsageException(
                "--store k8s: " + what,
                "write it like this: --store " + EXAMPLE + "; outside of the cluster: " + EXAMPLE
                        + "?server=https://HOST:6443&ca=/FILE&token=/FILE");
    }

    /** The address as messages show it. */
    @Override
    public String toString() {
        return "k8s://" + namespace + "/" + prefix
                + (server.equals(IN_THE_CLUSTER) ? "" : " of " + server.getRawAuthority());
    }
}
