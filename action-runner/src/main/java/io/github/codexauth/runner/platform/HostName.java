package io.github.codexauth.runner.platform;

import io.github.codexauth.trust.AsciiCase;
import java.net.URI;
import java.util.Optional;

/** Names of hosts, written in one way: DNS takes {@code Codeberg.org.} for {@code codeberg.org}. */
final class HostName {
    private HostName() {}

    static String of(String name) {
        String lower = AsciiCase.lower(name);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** The host of an address; empty if it has none. */
    static Optional<String> in(String address) {
        try {
            return Optional.ofNullable(URI.create(address).getHost()).map(HostName::of);
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }
}
