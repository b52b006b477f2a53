package io.github.codexauth.packages;

import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command that may take its time: it builds, or what it fetches is large. */
final class Command {
    private static final int LIMIT_MINUTES = 15;

    private Command() {}

    /** Runs it with these variables, a PATH without Java and Codex, no other variable, and this on stdin. */
    static Result run(Map<String, String> variables, String in, String... command) {
        try {
            Path folder = Files.createTempDirectory("command");
            try {
                return run(variables, Files.writeString(folder.resolve("in"), in), command);
            } finally {
                for (String file : new String[] {"in", "out", "err"}) {
                    Files.deleteIfExists(folder.resolve(file));
                }
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Result run(Map<String, String> variables, Path in, String... command)
            throws IOException, InterruptedException {
        Path out = in.resolveSibling("out");
        Path err = in.resolveSibling("err");
        var builder = new ProcessBuilder(command)
                .redirectInput(Redirect.from(in.toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().putAll(variables);
        Process process = builder.start();
        boolean ended = process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        Result result = new Result(ended ? process.exitValue() : -1, Files.readString(out), Files.readString(err));
        if (!ended) {
            throw new AssertionError("did not end within " + LIMIT_MINUTES + " minutes: " + result);
        }
        return result;
    }
}
