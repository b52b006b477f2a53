package io.github.codexauth.broker;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A server to which a credential is sent, and what may be asked there with it: what a Codex needs for its work, and
 * nothing else that the credential would open, such as the account's conversations, files or keys.
 *
 * <p>Seen on Codex 0.138.0 to 0.171.0. What a newer one asks beside it is refused with 403, which costs it that
 * feature.
 *
 * @param base without a slash at its end
 * @param calls what may be asked, each a method and a path below the base
 */
public record Upstream(URI base, List<Call> calls) {
    /** Where a workspace's access token is looked up. */
    public static final URI ACCOUNTS = URI.create("https://auth.openai.com/api/accounts");

    private static final List<Call> OF_MODELS = List.of(
            new Call("POST", "responses(/compact)?"),
            new Call("GET", "models"),
            new Call("POST", "(images|memories|alpha)/[a-z_]+(/[a-z_]+)?"));

    private static final List<Call> OF_THE_ACCOUNT = List.of(
            new Call("GET", "(wham|api/codex)/(accounts/check|config/bundle|settings/user|usage|workspace-messages)"),
            new Call("POST", "codex/analytics-events/events"),
            new Call("GET", "ps/plugins/[A-Za-z0-9_/-]+"),
            new Call("POST", "ps/mcp"));

    private static final List<Call> OF_A_TOKEN = List.of(new Call("GET", "v1/user-auth-credential/whoami"));

    public Upstream {
        calls = List.copyOf(calls);
    }

    /** @param path matches the whole of what follows on the base, as it was sent */
    public record Call(String method, Pattern path) {
        private Call(String method, String path) {
            this(method, Pattern.compile(path));
        }
    }

    /**
     * One that answers model calls.
     *
     * @param setting what to call it in messages
     * @throws UnsafeUpstreamException if others could read along
     */
    public static Upstream models(URI base, String setting) throws UnsafeUpstreamException {
        return new Upstream(safe(base, setting), OF_MODELS);
    }

    /** One that knows the account; see {@link #models}. */
    public static Upstream account(URI base, String setting) throws UnsafeUpstreamException {
        return new Upstream(safe(base, setting), OF_THE_ACCOUNT);
    }

    /** One that says whose access token it is; see {@link #models}. */
    public static Upstream tokenOwner(URI base, String setting) throws UnsafeUpstreamException {
        return new Upstream(safe(base, setting), OF_A_TOKEN);
    }

    boolean allows(String method, String path) {
        return calls.stream()
                .anyMatch(call -> call.method().equals(method)
                        && call.path().matcher(path).matches());
    }

    boolean sharesOriginWith(Upstream other) {
        return origin(base).equals(origin(other.base));
    }

    private static String origin(URI address) {
        return address.getScheme() + "://" + address.getRawAuthority();
    }

    private static URI safe(URI base, String setting) throws UnsafeUpstreamException {
        String host = base.getHost();
        boolean loopback = "http".equals(base.getScheme()) && "127.0.0.1".equals(host);
        boolean tls = "https".equals(base.getScheme()) && host != null;
        if (!loopback && !tls || base.getRawUserInfo() != null) {
            throw new UnsafeUpstreamException(setting);
        }
        try {
            String path = base.getPath();
            return new URI(
                    base.getScheme(),
                    null,
                    host,
                    base.getPort(),
                    path.endsWith("/") ? path.substring(0, path.length() - 1) : path,
                    null,
                    null);
        } catch (URISyntaxException e) {
            throw new UnsafeUpstreamException(setting);
        }
    }
}
