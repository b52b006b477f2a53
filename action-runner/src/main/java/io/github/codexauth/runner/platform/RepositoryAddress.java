package io.github.codexauth.runner.platform;

import io.github.codexauth.trust.AsciiCase;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a Git repository is, whichever way it is written: {@code git@github.com:acme/app.git} and {@code
 * https://github.com/acme/app} are one. A user and password in the address are left out, so it can be shown.
 *
 * @param path its name on that host, such as {@code acme/app}
 */
record RepositoryAddress(String host, String path) {
    private static final Pattern URL = Pattern.compile("[a-z+]+://(?:[^@/]*@)?([^/:@]+)(?::[0-9]+)?/+([^?#]+)");
    private static final Pattern SCP = Pattern.compile("(?:[^@/:]*@)?([^/:@]+):/*([^:?#]+)");

    static Optional<RepositoryAddress> of(String address) {
        Matcher matcher = (address.contains("://") ? URL : SCP).matcher(address);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String path = AsciiCase.lower(matcher.group(2)).replaceFirst("/+$", "");
        return Optional.of(new RepositoryAddress(
                HostName.of(matcher.group(1)), path.endsWith(".git") ? path.substring(0, path.length() - 4) : path));
    }
}
