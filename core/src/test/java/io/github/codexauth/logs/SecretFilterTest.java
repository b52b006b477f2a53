package io.github.codexauth.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.SecretText;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.Tokens;
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
            public int read(byte[] buffer, int offset, int length) {
                if (++reads == 2) {
                    reset();
                    filter.add(List.of(SecretText.of(REFRESH)));
                }
                return super.read(buffer, offset, length);
            }
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        filter.copy(twice, out);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(REFRESH + "\n***\n");
    }

    @Test
    void ofALoginThatIsRefreshedWithoutEndEveryStateIsReplaced() throws IOException {
        Login login =
                Login.unknownToAnyServer("acme", "bot", Instant.parse("2026-11-01T00:00:00Z"), Duration.ofDays(1));
        for (int refresh = 1; refresh <= 150; refresh++) {
            login.rotate(Instant.parse("2026-11-01T00:00:00Z").plusSeconds(refresh), Duration.ofDays(1));
            Tokens state = login.current();
            filter.add(List.of(SecretText.of(state.accessToken()), SecretText.of(state.refreshToken())));
        }
        StringBuilder text = new StringBuilder();
        for (Tokens state : login.states().subList(1, 151)) {
            text.append(state.refreshToken())
                    .append(" or ")
                    .append(state.accessToken())
                    .append('\n');
        }
        String whole = text.toString();
        int cut = whole.length() / 2;

        assertThat(filtered(whole)).isEqualTo("*** or ***\n".repeat(150));
        assertThat(filtered(whole.substring(0, cut), whole.substring(cut))).isEqualTo("*** or ***\n".repeat(150));
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
        assertThat(shown.toString(StandardCharsets.UTF_8)).isEqualTo("before *** after then ***");
    }

    @Test
    void lineBreaksWithinASecretHideNothing() throws IOException {
        filter.add(List.of(SecretText.of(ACCESS), SecretText.of(REFRESH)));
        for (String secret : List.of(ACCESS, REFRESH)) {
            for (int width : new int[] {20, 64, 76, 80, 200}) {
                for (String lineBreak : List.of("\n", "\r\n", "\n    ")) {
                    String folded = secret.replaceAll("(.{" + width + "})(?=.)", "$1" + lineBreak);

                    assertThat(filtered("before " + folded + " after\n")).isEqualTo("before *** after\n");
                }
            }
        }
    }

    @Test
    void base64InLinesIsHiddenAlsoIfTheSecretBeginsInTheMiddleOfOne() throws IOException {
        filter.add(List.of(SecretText.of(ACCESS), SecretText.of(REFRESH)));
        for (int before = 0; before < 60; before++) {
            byte[] file = ("#".repeat(before) + REFRESH + "####" + ACCESS + "####").getBytes(StandardCharsets.UTF_8);
            String lines = Base64.getMimeEncoder(76, "\n".getBytes(StandardCharsets.US_ASCII))
                    .encodeToString(file);

            String shown = filtered(lines).replaceAll("I[yM]MjIyM[jI]*|[*\n]", "");

            assertThat(shown).as("%d bytes before: %s", before, shown).hasSizeLessThan(140);
            assertThat(piecesOf(lines.replace("\n", "")).filter(shown::contains))
                    .isEmpty();
        }
    }

    private static java.util.stream.Stream<String> piecesOf(String text) {
        return java.util.stream.IntStream.range(90, text.length() - 110).mapToObj(at -> text.substring(at, at + 20));
    }

    @Test
    void coloursWithinASecretHideNothing() throws IOException {
        filter.add(List.of(SecretText.of(ACCESS), SecretText.of(REFRESH)));
        for (String secret : List.of(ACCESS, REFRESH)) {
            for (int at = 0; at < secret.length() - 5; at += 3) {
                String coloured = secret.substring(0, at) + "\033[01;31m\033[K" + secret.substring(at, at + 5)
                        + "\033[m\033[K" + secret.substring(at + 5);

                assertThat(filtered("x " + coloured + " y"))
                        .as("coloured at %d", at)
                        .isIn("x *** y", "x \033[01;31m\033[K*** y");
            }
        }
    }

    @Test
    void escapesWithinASecretHideNothing() throws IOException {
        String dashes = "sk-proj-Ab_9-cDeF01234567-89abcdefGHIJ-klmnop_QRST.uvw-xyz0123456789";
        filter.add(List.of(SecretText.of(dashes)));
        List<String> escaped = List.of(
                dashes.replace("-", "\\u002d"),
                dashes.replace("-", "\\u002D").replace("_", "\\u005f").replace(".", "\\u002e"),
                dashes.replace("-", "%2d"),
                dashes.replace("-", "%2D").replace("_", "%5F").replace(".", "%2E"));

        for (String each : escaped) {
            assertThat(filtered("{\"key\":\"" + each + "\"}")).isEqualTo("{\"key\":\"***\"}");
        }
    }

    @Test
    void aPieceOfTwentyCharactersIsHiddenAndAShorterOneIsNot() throws IOException {
        filter.add(List.of(SecretText.of(REFRESH)));
        for (int at = 0; at + 20 <= REFRESH.length(); at++) {
            assertThat(filtered("<" + REFRESH.substring(at, at + 20) + ">")).isEqualTo("<***>");
        }
        assertThat(filtered("<" + REFRESH.substring(7, 26) + ">")).isEqualTo("<" + REFRESH.substring(7, 26) + ">");
    }

    @Test
    void secretsThatRepeatThemselvesWithoutEndAreFoundAndAreNoBurden() throws IOException {
        for (int i = 0; i < 8; i++) {
            filter.add(List.of(SecretText.of("A".repeat(16_000 + i))));
        }

        assertThat(filtered("<" + "A".repeat(60_000) + ">")).matches("<[*]+>");
    }

    @Test
    void whateverTheChunksNothingOfASecretButFourBytesIsShown() throws IOException {
        filter.add(List.of(SecretText.of(ACCESS), SecretText.of(REFRESH), SecretText.of("short-secret-1")));
        String folded = ACCESS.replaceAll("(.{76})", "$1\n");
        String text = "a " + REFRESH + ACCESS + "\nb short-secret-1 c " + folded + "\nd\n";
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<String> chunks = new ArrayList<>();
            for (int at = 0; at < text.length(); ) {
                int next = Math.min(text.length(), at + 1 + random.nextInt(seed % 3 == 0 ? 12 : 300));
                chunks.add(text.substring(at, next));
                at = next;
            }

            String shown = filtered(chunks.toArray(String[]::new));

            assertThat(shown).as("seed %d", seed).startsWith("a ").endsWith("\nd\n");
            assertThat(shown.replaceAll("[*]+", "*"))
                    .as("seed %d", seed)
                    .matches("a .{0,4}\\*(.{0,4}\\*)?\nb .{0,4}\\* c .{0,4}\\*\nd\n");
        }
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
        public int read(byte[] buffer, int offset, int length) {
            if (chunks.isEmpty()) {
                return -1;
            }
            byte[] chunk = chunks.remove(0);
            System.arraycopy(chunk, 0, buffer, offset, chunk.length);
            return chunk.length;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }
    }
}
