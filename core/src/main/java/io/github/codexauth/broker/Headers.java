package io.github.codexauth.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Which headers go from one connection to the next (RFC 9110, section 7.6.1). */
final class Headers {
    private static final Set<String> OF_ONE_CONNECTION = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** What the next connection has to say for itself. */
    private static final Set<String> SET_ANEW = Set.of("host", "content-length", "expect");

    private Headers() {}

    /**
     * Passes them on one by one.
     *
     * @param except names in lower case that are not passed on either
     */
    static void passOn(Map<String, List<String>> from, Set<String> except, BiConsumer<String, String> to) {
        Set<String> left = new TreeSet<>(OF_ONE_CONNECTION);
        left.addAll(SET_ANEW);
        left.addAll(except);
        for (String named : values(from, "connection")) {
            for (String name : named.split(",")) {
                left.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        from.forEach((name, values) -> {
            if (!name.startsWith(":") && !left.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> to.accept(name, value));
            }
        });
    }

    /** All values of one header. */
    static List<String> values(Map<String, List<String>> headers, String name) {
        List<String> found = new ArrayList<>();
        headers.forEach((each, values) -> {
            if (each.equalsIgnoreCase(name)) {
                found.addAll(values);
            }
        });
        return found;
    }
}
