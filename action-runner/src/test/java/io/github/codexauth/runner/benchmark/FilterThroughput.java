package io.github.codexauth.runner.benchmark;

import io.github.codexauth.home.HomeTokens;
import io.github.codexauth.runner.logs.LogProtection;
import io.github.codexauth.standin.Login;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;

/** What the log filter costs: the same text copied with and without it. */
final class FilterThroughput {
    private static final int MEGABYTES = 200;
    private static final int TIMES = 15;

    private FilterThroughput() {}

    public static void main(String[] args) throws IOException {
        Login login = Login.unknownToAnyServer("acme", "bot", Instant.EPOCH, Duration.ofDays(1));
        LogProtection protection = LogProtection.withoutWorkflowCommands();
        Path home = Files.createTempDirectory("home");
        Path authJson = Files.write(home.resolve("auth.json"), login.authJson());
        // As in a job, where the last refresh was a while ago.
        FileTime earlier = FileTime.from(Instant.now().minusSeconds(60));
        Files.setLastModifiedTime(authJson, earlier);
        Files.setLastModifiedTime(home, earlier);
        protection.lookFirst(new HomeTokens(home, protection::hide)::look);
        byte[] text = "2026-11-24T10:02:00Z INFO  build: compiled module action-runner in 1234 ms, 56 warnings\n"
                .repeat(1_000_000 / 89)
                .getBytes(StandardCharsets.UTF_8);
        double[] filtered = new double[TIMES];
        double[] plain = new double[TIMES];
        for (int i = 0; i < TIMES; i++) {
            filtered[i] =
                    seconds(() -> protection.copy(new ByteArrayInputStream(text), OutputStream.nullOutputStream()));
            plain[i] = seconds(() -> copyPlainly(text));
        }
        Files.delete(authJson);
        Files.delete(home);
        Arrays.sort(filtered);
        Arrays.sort(plain);
        double ours = MEGABYTES / filtered[TIMES / 2];
        System.out.printf(
                Locale.ROOT,
                "## The log filter%n%n%.0f MB/s through the filter (%.0f MB/s copied without): %.1f %% of one core at 100 MB/s%n",
                ours,
                MEGABYTES / plain[TIMES / 2],
                100 * 100 / ours);
    }

    private static void copyPlainly(byte[] text) throws IOException {
        byte[] chunk = new byte[32 * 1024];
        ByteArrayInputStream in = new ByteArrayInputStream(text);
        OutputStream out = OutputStream.nullOutputStream();
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            out.write(chunk, 0, read);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static double seconds(Work work) throws IOException {
        long start = System.nanoTime();
        for (int megabyte = 0; megabyte < MEGABYTES; megabyte++) {
            work.run();
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
