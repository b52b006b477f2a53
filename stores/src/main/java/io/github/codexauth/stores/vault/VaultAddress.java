package io.github.codexauth.stores.vault;

import io.github.codexauth.PathText;
import io.github.codexauth.UsageException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A store in a KV engine, as {@code vault://MOUNT/PREFIX?PARAMETERS} names it.
 *
 * @param mount where the engine is mounted
 * @param prefix what the paths of its entries begin with
 * @param server where the server is
 * @param authority the file of the authority that signed its certificate; empty for those that Java knows
 * @param namespace in which the mount is; empty for the root's
 * @param signIn how we come by a token
 */
record VaultAddress(
        String mount, String prefix, URI server, Optional<Path> authority, Optional<String> namespace, SignIn signIn) {
    static final String EXAMPLE = "vault://kv/codex-auth?server=https://vault.example.com:8200&role=codex-auth-runner";

    private static final String USUAL_METHOD = "jwt";
    private static final String KUBERNETES = "kubernetes";
    private static final Path POD_TOKEN = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

    private static final String NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]*";
    private static final Pattern NAMES = Pattern.compile(NAME + "(?:/" + NAME + ")*");
    private static final Pattern ADDRESS = Pattern.compile("//(" + NAME + ")/(" + NAMES + ")(?:\\?(.*))?");
    private static final Set<String> PARAMETERS = Set.of("server", "ca", "namespace", "auth", "role", "jwt", "token");
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");

    /**
     * Reads what follows the scheme and its colon.
     *
     * @throws UsageException if it is no such address; the message does not quote it
     */
    static VaultAddress parse(String rest) throws UsageException {
        Matcher matcher = ADDRESS.matcher(rest);
        if (!matcher.matches()) {
            throw unusable("needs a mount and a prefix, both of a-z A-Z 0-9 _ . -");
        }
        Map<String, String> parameters = parameters(Optional.ofNullable(matcher.group(3)));
        if (!parameters.containsKey("server")) {
            throw unusable("names no server");
        }
        Optional<String> namespace = Optional.ofNullable(parameters.get("namespace"));
        if (namespace.isPresent()) {
            requireNames(namespace.get(), "a namespace");
        }
        return new VaultAddress(
                matcher.group(1),
                matcher.group(2),
                server(parameters.get("server")),
                file(parameters, "ca"),
                namespace,
                signIn(parameters));
    }

    private static Map<String, String> parameters(Optional<String> query) throws UsageException {
        Map<String, String> parameters = new HashMap<>();
        for (String parameter : query.map(text -> text.split("&")).orElse(new String[0])) {
            int equals = parameter.indexOf('=');
            if (equals < 0 || !PARAMETERS.contains(parameter.substring(0, equals))) {
                throw unusable("has a parameter that is none of server, ca, namespace, auth, role, jwt and token");
            }
            parameters.put(parameter.substring(0, equals), parameter.substring(equals + 1));
        }
        return parameters;
    }

    private static SignIn signIn(Map<String, String> parameters) throws UsageException {
        Optional<String> role = Optional.ofNullable(parameters.get("role"));
        if (role.isEmpty()) {
            if (parameters.containsKey("auth") || parameters.containsKey("jwt")) {
                throw unusable("signs in, and names no role");
            }
            return new SignIn.ByToken(file(parameters, "token"));
        }
        if (parameters.containsKey("token")) {
            throw unusable("has a role to sign in for, and the file of a token");
        }
        String method = parameters.getOrDefault("auth", USUAL_METHOD);
        requireNames(method, "an auth method");
        requireNames(role.get(), "a role");
        Optional<Path> jwt = file(parameters, "jwt");
        Optional<Path> ofThePod = method.equals(KUBERNETES) ? Optional.of(POD_TOKEN) : Optional.empty();
        return new SignIn.ByRole(method, role.get(), jwt.isPresent() ? jwt : ofThePod);
    }

    private static void requireNames(String value, String what) throws UsageException {
        if (!NAMES.matcher(value).matches()) {
            throw unusable("names " + what + " by something else than a-z A-Z 0-9 _ . - and /");
        }
    }

    private static URI server(String value) throws UsageException {
        try {
            URI uri = new URI(value);
            if (isSafe(uri)
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null
                    && (uri.getPath().isEmpty() || uri.getPath().equals("/"))) {
                return URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
            }
        } catch (URISyntaxException quoted) {
            throw unusable("has a server that is no address");
        }
        throw unusable("has a server that is neither an https address nor one of an agent on this machine");
    }

    /** Whether a token may be sent there: on a wire that others read it would be lost. */
    static boolean isSafe(URI uri) {
        return uri.getHost() != null
                && ("https".equals(uri.getScheme())
                        || "http".equals(uri.getScheme()) && LOOPBACK.contains(uri.getHost()));
    }

    private static Optional<Path> file(Map<String, String> parameters, String name) throws UsageException {
        String value = parameters.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.startsWith("/")) {
            throw unusable("names a file by something else than its whole path");
        }
        return Optional.of(PathText.parse(value, "--store"));
    }

    private static UsageException unusable(String what) {
        return new UsageException("--store vault: " + what, "write it like this: --store '" + EXAMPLE + "'");
    }

    /** The address as messages show it. */
    @Override
    public String toString() {
        return "vault://" + mount + "/" + prefix + " of " + server.getRawAuthority();
    }
}
