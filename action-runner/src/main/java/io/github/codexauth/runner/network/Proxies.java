package io.github.codexauth.runner.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which requests go through a proxy, as {@code HTTPS_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY} say it to most
 * programs and to Codex: in lower case, too, with or without a scheme. Plain HTTP, which is for this machine alone,
 * never does.
 *
 * <p>{@code NO_PROXY}: {@code *}, or host names with a comma between them, each with all names below it.
 */
public final class Proxies extends ProxySelector {
    private static final Pattern ADDRESS = Pattern.compile(
            "(?:([A-Za-z][A-Za-z0-9+.-]*)://)?(?:([^@/]*)@)?(\\[[0-9A-Fa-f:.]+\\]|[^:/@\\[\\]]+)(?::(\\d{1,5}))?/?");

    private static final int USUAL_PORT = 80;

    private final Optional<Address> https;
    private final List<String> direct;

    private Proxies(Optional<Address> https, List<String> direct) {
        this.https = https;
        this.direct = List.copyOf(direct);
    }

    /** @param userInfo name and password with a colon between them; never shown */
    private record Address(String host, int port, Optional<String> userInfo) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /**
     * The proxies that these variables name.
     *
     * @throws UnusableProxyException if one is named that cannot be used
     */
    public static Proxies in(Map<String, String> environment) throws UnusableProxyException {
        for (String name : List.of("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")) {
            String value = environment.getOrDefault(name, "").strip();
            if (!value.isEmpty()) {
                return new Proxies(Optional.of(address(name, value)), direct(environment));
            }
        }
        return new Proxies(Optional.empty(), List.of());
    }

    private static Address address(String name, String value) throws UnusableProxyException {
        Matcher matcher = ADDRESS.matcher(value);
        if (!matcher.matches()) {
            throw new UnusableProxyException(name + " is no address of a proxy");
        }
        if (matcher.group(1) != null && !matcher.group(1).equalsIgnoreCase("http")) {
            throw new UnusableProxyException(name + " names a proxy that is not spoken to by plain HTTP");
        }
        int port = matcher.group(4) == null ? USUAL_PORT : Integer.parseInt(matcher.group(4));
        if (port < 1 || port > 65_535) {
            throw new UnusableProxyException(name + " names a port that there is not");
        }
        return new Address(matcher.group(3), port, Optional.ofNullable(matcher.group(2)));
    }

    private static List<String> direct(Map<String, String> environment) {
        return Stream.of("no_proxy", "NO_PROXY")
                .map(name -> environment.getOrDefault(name, ""))
                .filter(value -> !value.isBlank())
                .findFirst()
                .map(value -> Stream.of(value.split(","))
                        .map(host -> host.strip().toLowerCase(Locale.ROOT))
                        .map(host -> host.startsWith(".") ? host.substring(1) : host)
                        .filter(host -> !host.isEmpty())
                        .toList())
                .orElse(List.of());
    }

    @Override
    public List<Proxy> select(URI address) {
        if (https.isEmpty() || !"https".equals(address.getScheme()) || isDirect(address.getHost())) {
            return List.of(Proxy.NO_PROXY);
        }
        return List.of(new Proxy(
                Proxy.Type.HTTP,
                new InetSocketAddress(https.get().host(), https.get().port())));
    }

    private boolean isDirect(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return direct.stream().anyMatch(each -> each.equals("*") || name.equals(each) || name.endsWith("." + each));
    }

    /** What a proxy is told of who we are, by what its address has before the {@code @}; no other server is. */
    public Optional<String> authorization() {
        return https.flatMap(Address::userInfo).map(Proxies::basic);
    }

    private static String basic(String userInfo) {
        String[] parts = userInfo.split(":", 2);
        String login = decode(parts[0]) + ":" + decode(parts.length == 2 ? parts[1] : "");
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }

    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
        // Whoever sent the request is told.
    }
}
