package io.github.codexauth.home;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.function.Predicate;

/** The TCP connections of a network, as Linux lists them. */
final class TcpConnections {
    /** From proc_pid_net(5) and the kernel's tcp_states.h: closed, and merely listening. Neither has another end. */
    private static final Set<String> WITHOUT_OTHER_END = Set.of("07", "0A");

    private TcpConnections() {}

    /**
     * The sockets, by their inodes, of every connection: about to open, open, and about to close. Never throws.
     *
     * @param net such as {@code /proc/self/net}
     */
    static Set<String> in(Path net) {
        return in(net, user -> true);
    }

    /** Of these the ones that belong to a user, whose processes need not be seen for that. */
    static Set<String> of(int user, Path net) {
        return in(net, Integer.toString(user)::equals);
    }

    private static Set<String> in(Path net, Predicate<String> users) {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            try (BufferedReader lines = Files.newBufferedReader(net.resolve(table), StandardCharsets.US_ASCII)) {
                lines.readLine(); // the columns' names
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    addSocket(line, users, sockets);
                }
            } catch (IOException | RuntimeException noSuchTable) {
                // As on a machine without IPv6, or for a process that has ended.
                continue;
            }
        }
        return sockets;
    }

    /** The fourth column is the state, the eighth the user, the tenth the socket; 0 if no process has it any more. */
    private static void addSocket(String line, Predicate<String> users, Set<String> sockets) {
        StringTokenizer columns = new StringTokenizer(line);
        String state = "";
        for (int column = 1; columns.hasMoreTokens(); column++) {
            String value = columns.nextToken();
            if (column == 4) {
                state = value;
            } else if (column == 8 && !users.test(value)) {
                return;
            } else if (column == 10) {
                if (!WITHOUT_OTHER_END.contains(state) && !value.equals("0")) {
                    sockets.add(value);
                }
                return;
            }
        }
    }
}
