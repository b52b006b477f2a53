package io.github.codexauth.session;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether a Codex process is connected to the server that refreshes logins.
 *
 * <p>Between its question and the answer Codex holds no lock and has no file open (0.169.0): the connection is the one thing that can
 * be seen from outside. It stays open for a while after the answer, so "connected" is more than "refreshing".
 */
final class TokenConnection {
    private static final String USUAL_SERVER = "https://auth.openai.com";
    private static final String ESTABLISHED = "01";
    private static final Path PROC = Path.of("/proc");

    private TokenConnection() {}

    /** @param environment the process's own variables, which can name another server or a proxy */
    static boolean isOpen(long pid, Map<String, String> environment) {
        URI server = server(environment);
        if (server.getHost() == null) {
            return false;
        }
        int port = server.getPort() >= 0 ? server.getPort() : server.getScheme().equals("http") ? 80 : 443;
        try {
            Set<String> ends = new HashSet<>();
            for (InetAddress address : InetAddress.getAllByName(server.getHost())) {
                ends.add(hex(address.getAddress()) + String.format(":%04X", port));
                ends.add("0000000000000000FFFF0000" + hex(address.getAddress()) + String.format(":%04X", port));
            }
            Set<String> sockets = sockets(pid);
            return isConnected(pid, "tcp", ends, sockets) || isConnected(pid, "tcp6", ends, sockets);
        } catch (UnknownHostException offline) {
            return false;
        } catch (IOException endedOrNotOurs) {
            return false;
        }
    }

    private static URI server(Map<String, String> environment) {
        for (String variable :
                List.of("CODEX_REFRESH_TOKEN_URL_OVERRIDE", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")) {
            String value = environment.getOrDefault(variable, "");
            try {
                if (!value.isBlank()) {
                    return URI.create(value);
                }
            } catch (IllegalArgumentException noAddress) {
                continue;
            }
        }
        return URI.create(USUAL_SERVER);
    }

    /** As the kernel prints an address: each group of four bytes from its end, in hex. */
    private static String hex(byte[] address) {
        StringBuilder hex = new StringBuilder();
        for (int group = 0; group < address.length; group += 4) {
            for (int i = 3; i >= 0; i--) {
                hex.append(String.format("%02X", address[group + i]));
            }
        }
        return hex.toString();
    }

    private static Set<String> sockets(long pid) throws IOException {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(PROC.resolve(pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                String target = Files.readSymbolicLink(descriptor).toString();
                if (target.startsWith("socket:[")) {
                    inodes.add(target.substring("socket:[".length(), target.length() - 1));
                }
            }
        }
        return inodes;
    }

    /** By proc_pid_net(5): the third column is the other end, the fourth the state, the tenth the socket. */
    private static boolean isConnected(long pid, String table, Set<String> ends, Set<String> sockets)
            throws IOException {
        try (Stream<String> lines = Files.lines(PROC.resolve(pid + "/net/" + table), StandardCharsets.US_ASCII)) {
            return lines.map(line -> Arrays.asList(line.strip().split("\\s+")))
                    .anyMatch(columns -> columns.size() > 9
                            && ends.contains(columns.get(2))
                            && columns.get(3).equals(ESTABLISHED)
                            && sockets.contains(columns.get(9)));
        }
    }
}
