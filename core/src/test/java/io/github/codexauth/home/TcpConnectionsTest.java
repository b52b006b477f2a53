package io.github.codexauth.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TcpConnectionsTest {
    private static final String TITLE =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    @TempDir
    private Path net;

    @Test
    void everyConnectionCountsWhoeverTheOtherEndIsAndUntilItIsClosed() throws IOException {
        Files.writeString(
                net.resolve("tcp"),
                TITLE
                        + line("0100007F:B6FE", "0100007F:99F7", "01", 101) // established, on this machine
                        + line("0A00020F:B6FE", "0A00020E:0050", "02", 102) // SYN_SENT
                        + line("0A00020F:B6FF", "2E5AA268:01BB", "04", 104) // FIN_WAIT1
                        + line("0A00020F:B700", "2E5AA268:01BB", "05", 105) // FIN_WAIT2
                        + line("0A00020F:B701", "2E5AA268:01BB", "08", 108) // CLOSE_WAIT
                        + line("0A00020F:B702", "2E5AA268:01BB", "09", 109) // LAST_ACK
                        + line("0A00020F:B703", "2E5AA268:01BB", "0B", 111) // CLOSING
                        + line("0A00020F:B704", "2E5AA268:01BB", "07", 107) // closed
                        + line("00000000:1F90", "00000000:0000", "0A", 110) // listening
                        + line("0A00020F:B705", "2E5AA268:01BB", "06", 0)); // TIME_WAIT, of no process any more
        Files.writeString(
                net.resolve("tcp6"),
                TITLE
                        + line(
                                "0000000000000000FFFF00000F02000A:C34C",
                                "0000000000000000FFFF00002E5AA268:01BB",
                                "01",
                                601));

        assertThat(TcpConnections.in(net))
                .containsExactlyInAnyOrder("101", "102", "104", "105", "108", "109", "111", "601");
    }

    @Test
    void whatIsNoTableHasNoConnections() throws IOException {
        Files.write(net.resolve("tcp"), new byte[] {'\n', 'a', ' ', (byte) 0xff, 0, '\n'});

        assertThat(TcpConnections.in(net)).isEmpty();
        assertThat(TcpConnections.in(net.resolve("gone"))).isEmpty();
    }

    @Test
    void thoseOfAUserAreKnownWithoutItsProcesses() throws IOException {
        Files.writeString(
                net.resolve("tcp"),
                TITLE
                        + line("0A00020F:B6FE", "2E5AA268:01BB", "01", 1234, 101)
                        + line("0A00020F:B6FF", "2E5AA268:01BB", "01", 123, 102)
                        + line("0A00020F:B700", "2E5AA268:01BB", "07", 1234, 103));

        assertThat(TcpConnections.of(1234, net)).containsExactly("101");
    }

    private static String line(String local, String remote, String state, int inode) {
        return line(local, remote, state, 0, inode);
    }

    private static String line(String local, String remote, String state, int user, int inode) {
        return "   8: " + local + " " + remote + " " + state + " 00000000:00000000 02:000005C9 00000000  " + user
                + "        0 " + inode + " 3 000000006ba538c1 20 4 24 12 -1\n";
    }
}
