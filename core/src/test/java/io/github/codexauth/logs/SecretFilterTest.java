package io.github.codexauth.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.SecretText;
import io.github.codexauth.standin.Login;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SecretFilterTest {
    private static final Login LOGIN =
            Login.unknownToAnyServer("acme", "bot", Instant.parse("2026-11-01T00:00:00Z"), Duration.ofDays(1));
    private static final String ACCESS = LOGIN.current().accessToken();
    private static final String REFRESH = LOGIN.current().refreshToken();

    private final SecretFilter filter = new SecretFilter();

    @Test
    void aSecretIsReplacedWhereverTheChunksAreCut() throws IOException {
        filter.add(List.of(SecretText.of(REFRESH)));
        String text = "before " + REFRESH + " after\n";
        for (int cut = 0; cut <= text.length(); cut++) {
            String shown = filtered(text.substring(0, cut), text.substring(cut));
            assertThat(shown)
                    .as("cut at %d", cut)
                    .doesNotContain(REFRESH.substring(6))
                    .endsWith("*** after\n")
                    .startsWith("before ");
        }
    }

    @Test
    void byteByByteNothingOfASecretButItsFirstFourBytesIsShown() throws IOException {
        filter.add(List.of(SecretText.of(REFRESH)));
        List<String> bytes = new ArrayList<>();
        ("x" + REFRESH + "y").chars().forEach(c -> bytes.add(Character.toString(c)));

        assertThat(filtered(bytes.toArray(String[]::new))).isEqualTo("x" + REFRESH.substring(0, 4) + "***y");
    }

    @Test
    void partsOfAJwtItsBase64AndItsUrlFormAreReplacedToo() throws IOException {
        filter.add(List.of(SecretText.of(ACCESS)));
        String[] parts = ACCESS.split("\\.");
        byte[] bytes = ACCESS.getBytes(StandardCharsets.UTF_8);

        assertThat(filtered(parts[1])).isEqualTo("***");
        assertThat(filtered(parts[2])).isEqualTo("***");
        assertThat(filtered(Base64.getEncoder().encodeToString(bytes))).isEqualTo("***");
        assertThat(filtered(Base64.getMimeEncoder(76, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(bytes)))
                .matches("(\\*\\*\\*\n)*[^\n]{0,24}[*=]*");
        for (int offset = 0; offset < 3; offset++) {
            byte[] inside = ("abc".substring(0, offset) + ACCESS + "xyz").getBytes(StandardCharsets.UTF_8);
            assertThat(filtered(Base64.getEncoder().encodeToString(inside)))
                    .hasSizeLessThan(16)
                    .contains("***");
            assertThat(filtered(Base64.getUrlEncoder().encodeToString(inside)))
                    .hasSizeLessThan(16)
                    .contains("***");
        }
    }

    @Test
    void theHeaderThatAllTokensShareIsNotReplaced() throws IOException {
        filter.add(List.of(SecretText.of(ACCESS)));

        assertThat(filtered("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9 is a header\n"))
                .contains("is a header")
                .startsWith("eyJhbGci");
    }

    @Test
    void secretsThatOverlapAreCoveredWhole() throws IOException {
        filter.add(List.of(SecretText.of("abcdefgh12345678"), SecretText.of("12345678ABCDEFGH")));

        assertThat(filtered("<abcdefgh12345678ABCDEFGH>")).isEqualTo("<***>");
        assertThat(filtered("<abcdefgh1234", "5678ABCD", "EFGH>")).matches("<(abcd)?\\*\\*\\*(\\*\\*\\*)?>");
    }

    @Test
    void aSecretCutOffByTheEndIsReplacedAndAHarmlessBeginningIsNot() throws IOException {
        filter.add(List.of(SecretText.of(REFRESH)));

        assertThat(filtered("x" + REFRESH.substring(0, REFRESH.length() - 1))).isEqualTo("x***");
        assertThat(filtered("x" + REFRESH.substring(0, 7))).isEqualTo("x" + REFRESH.substring(0, 7));
    }

    @Test
    void aSecretThatBecomesKnownWhileTheStreamRunsIsReplacedFromThenOn() throws IOException {
        InputStream twice = new ByteArrayInputStream((REFRESH + "\n").getBytes(StandardCharsets.UTF_8)) {
            private int reads;

            @Override
            public int read(byte[] buffer) {
                if (++reads == 2) {
                    reset();
                    filter.add(List.of(SecretText.of(REFRESH)));
                }
                return super.read(buffer, 0, buffer.length);
            }
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        filter.copy(twice, out);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(REFRESH + "\n***\n");
    }

    @Test
    void nothingElseIsChangedInRandomBytesWithSecretsAtRandomPlaces() throws IOException {
        filter.add(List.of(SecretText.of(ACCESS), SecretText.of(REFRESH), SecretText.of("sk-proj-0123456789")));
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            for (int piece = 0; piece < 20; piece++) {
                byte[] noise = new byte[random.nextInt(300)];
                random.nextBytes(noise);
                text.write(noise);
                expected.write(noise);
                // A byte that is in no secret, so that the expectation stays simple.
                text.write('\n');
                expected.write('\n');
                text.write(List.of(ACCESS, REFRESH, "sk-proj-0123456789")
                        .get(random.nextInt(3))
                        .getBytes(StandardCharsets.UTF_8));
                expected.write("***".getBytes(StandardCharsets.UTF_8));
                text.write('\n');
                expected.write('\n');
            }

            ByteArrayOutputStream out = new ByteArrayOutputStream();
            filter.copy(new ByteArrayInputStream(text.toByteArray()), out);

            assertThat(out.toByteArray()).as("seed %d", seed).isEqualTo(expected.toByteArray());
        }
    }

    @Test
    void aPromptIsShownBeforeTheStreamEndsAlsoIfItsEndCouldBeginASecret() throws Exception {
        filter.add(List.of(SecretText.of(REFRESH)));
        PipedOutputStream job = new PipedOutputStream();
        PipedInputStream stream = new PipedInputStream(job);
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        Thread copy = new Thread(() -> {
            try {
                filter.copy(stream, shown);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        copy.start();

        job.write("go on? r".getBytes(StandardCharsets.UTF_8));
        job.flush();

        Awaitility.await().until(() -> shown.toString(StandardCharsets.UTF_8).equals("go on? r"));
        job.close();
        copy.join();
    }

    @Test
    void aStreamThatIsWrittenToHidesWhatACopiedOneHides() throws IOException {
        filter.add(List.of(SecretText.of(REFRESH)));
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        String text = "before " + REFRESH + " after";
        try (OutputStream protectedStream = filter.protect(shown)) {
            for (int i = 0; i < text.length(); i++) {
                protectedStream.write(text.charAt(i));
            }
            filter.add(List.of(SecretText.of(ACCESS)));
            protectedStream.write((" then " + ACCESS).getBytes(StandardCharsets.UTF_8));
        }
        assertThat(shown.toString(StandardCharsets.UTF_8))
                .isEqualTo("before *** after then ***");
    }

    private String filtered(String... chunks) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        filter.copy(new Chunks(chunks), out);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Hands out one chunk for each read, as a pipe may. */
    private static final class Chunks extends InputStream {
        private final List<byte[]> chunks = new ArrayList<>();

        Chunks(String... chunks) {
            for (String chunk : chunks) {
                this.chunks.add(chunk.getBytes(StandardCharsets.UTF_8));
            }
        }

        @Override
        public int read(byte[] buffer) {
            if (chunks.isEmpty()) {
                return -1;
            }
            byte[] chunk = chunks.remove(0);
            System.arraycopy(chunk, 0, buffer, 0, chunk.length);
            return chunk.length;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }
    }
}
