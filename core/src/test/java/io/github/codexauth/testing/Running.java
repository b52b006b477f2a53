package io.github.codexauth.testing;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command that has been started, and what it has printed so far. */
public final class Running {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Process process;
    private final Collected out;
    private final Collected err;

    public Running(Process process) {
        this.process = process;
        this.out = new Collected(process.getInputStream());
        this.err = new Collected(process.getErrorStream());
    }

    /** Waits until the text appears on stdout or stderr. */
    public void awaitOutput(String text) {
        await(text).atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> contains(text) || !process.isAlive());
        if (!contains(text)) {
            throw new AssertionError("ended without '" + text + "': " + result());
        }
    }

    private boolean contains(String text) {
        return out.text().contains(text) || err.text().contains(text);
    }

    /** Sends a signal to the command alone, such as {@code TERM}. */
    public void signal(String name) {
        signal(name, process.pid());
    }

    /** Kills the command and everything below it at once, as a machine that loses its power does. */
    public void killEverything() {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        // Children that were born meanwhile.
        all.stream().flatMap(ProcessHandle::descendants).forEach(ProcessHandle::destroyForcibly);
        await().atMost(LIMIT).until(() -> !process.isAlive() && all.stream().noneMatch(ProcessHandle::isAlive));
    }

    public void kill() {
        process.destroyForcibly();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    public Result result() {
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                killEverything();
                throw new AssertionError("did not end within " + LIMIT + ": " + out.text() + err.text());
            }
            return new Result(process.exitValue(), out.end(), err.end());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public static void signal(String name, long pid) {
        try {
            new ProcessBuilder("kill", "-s", name, Long.toString(pid)).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One stream, read as it comes. */
    private static final class Collected {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Thread reader;

        Collected(InputStream stream) {
            reader = new Thread(() -> {
                byte[] chunk = new byte[8192];
                try {
                    for (int read = stream.read(chunk); read >= 0; read = stream.read(chunk)) {
                        bytes.write(chunk, 0, read);
                    }
                } catch (IOException closed) {
                    return;
                }
            });
            reader.setDaemon(true);
            reader.start();
        }

        String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        String end() throws InterruptedException {
            reader.join(5_000);
            return text();
        }
    }
}
