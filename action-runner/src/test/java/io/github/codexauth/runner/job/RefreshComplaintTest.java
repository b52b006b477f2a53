package io.github.codexauth.runner.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.codex.RefreshComplaint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RefreshComplaintTest {
    private static final String SENTENCE = "Your access token could not be refreshed because it was already used.";

    private final RefreshComplaint complaint = new RefreshComplaint();

    @Test
    void isHeardWhereverTheStreamIsCut() throws IOException {
        for (int chunk = 1; chunk <= SENTENCE.length(); chunk++) {
            RefreshComplaint each = new RefreshComplaint();

            read(each.listenTo(stream("YoYour " + SENTENCE + "\n")), chunk);

            assertThat(each.wasHeard()).as("in chunks of %d bytes", chunk).isTrue();
        }
    }

    @Test
    void isHeardByteByByte() throws IOException {
        InputStream stream = complaint.listenTo(stream(SENTENCE));
        while (stream.read() >= 0) {
            continue;
        }

        assertThat(complaint.wasHeard()).isTrue();
    }

    @Test
    void isHeardInWhatIsWrittenWhichPassesUnchanged() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OutputStream stream = complaint.listenTo(out);
        stream.write('Y');
        stream.write(SENTENCE.substring(1, 20).getBytes(StandardCharsets.UTF_8));
        assertThat(complaint.wasHeard()).isFalse();
        stream.write(SENTENCE.substring(20).getBytes(StandardCharsets.UTF_8));

        assertThat(complaint.wasHeard()).isTrue();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(SENTENCE);
    }

    @Test
    void anAddressThatWasNotReachedIsAnotherThanALoginThatWasNotRefreshed() throws IOException {
        RefreshComplaint address = RefreshComplaint.ofAddressNotReached();
        String sentence =
                "ERROR: error sending request for url (http://127.0.0.1:37429/508538c599952c0e/oauth/token)\n";
        read(address.listenTo(complaint.listenTo(stream(sentence))), 7);
        assertThat(address.wasHeard()).isTrue();
        assertThat(complaint.wasHeard()).isFalse();

        RefreshComplaint other = RefreshComplaint.ofAddressNotReached();
        read(
                other.listenTo(stream(SENTENCE + " CODEX_REFRESH_TOKEN_URL_OVERRIDE=http://127.0.0.1:1/oauth/token\n")),
                7);
        assertThat(other.wasHeard()).isFalse();
    }

    @Test
    void isNotPutTogetherFromTwoStreams() throws IOException {
        read(complaint.listenTo(stream(SENTENCE.substring(0, 20))), 64);
        read(complaint.listenTo(stream(SENTENCE.substring(20))), 64);

        assertThat(complaint.wasHeard()).isFalse();
    }

    @Test
    void changesNothingOfWhatIsRead() throws IOException {
        InputStream stream = complaint.listenTo(stream(SENTENCE));

        assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(SENTENCE);
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void read(InputStream stream, int chunk) throws IOException {
        byte[] buffer = new byte[chunk];
        while (stream.read(buffer, 0, chunk) >= 0) {
            continue;
        }
    }
}
