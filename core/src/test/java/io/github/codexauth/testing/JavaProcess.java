package io.github.codexauth.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A small Java process that runs a class of the test tree, whose lines of output can be waited for and which can be
 * killed.
 *
 * <p>{@link #close} kills it, so no test leaves one behind.
 */
public final class JavaProcess implements AutoCloseable {
    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private JavaProcess(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "output of " + process.pid());
        this.reader.setDaemon(true);
        this.reader.start();
    }

    /** Starts the main method of a class. What it writes to stderr goes where ours goes. */
    public static JavaProcess start(Class<?> main, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new JavaProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    public long pid() {
        return process.pid();
    }

    /** The lines written so far. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** Whether a line that begins so has been written. */
    public boolean hasSaid(String beginning) {
        return lines.stream().anyMatch(line -> line.startsWith(beginning));
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Closes the process's stdin: the sign to go on. */
    public void goOn() throws IOException {
        OutputStream stdin = process.getOutputStream();
        stdin.close();
    }

    /** Sends SIGKILL, and waits until the process is gone and all it wrote has been read. */
    public void kill() throws InterruptedException {
        // Process.destroyForcibly would also throw away what is still in the pipe.
        process.toHandle().destroyForcibly();
        awaitEnd();
    }

    /** Waits for the end and answers the exit code. */
    public int awaitEnd() throws InterruptedException {
        int exit = process.waitFor();
        reader.join();
        return exit;
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            output.lines().forEach(lines::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
