package io.github.codexauth.codex;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Codex that is installed, asked for its version. The question runs beside what else there is to prepare:
 * {@link #ask} starts it, {@link #require} waits for the answer (8 ms natively, 53 ms through npm's wrapper).
 *
 * <p>Not knowing is not good enough: what does not say that it is at least {@link CodexVersion#OLDEST} is refused,
 * since an older one would show the credential to every command that the model runs.
 */
public final class InstalledCodex {
    /** A cold start of npm's wrapper on a busy machine takes seconds. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final int LONGEST = 4096;
    private static final Path NOTHING = Path.of("/dev/null");

    private final Path program;
    private final @Nullable Process question;

    private InstalledCodex(Path program, @Nullable Process question) {
        this.program = program;
        this.question = question;
    }

    /**
     * Begins to ask.
     *
     * @param program the executable
     * @param environment the variables it gets, without any credential
     */
    public static InstalledCodex ask(Path program, Map<String, String> environment) {
        return ask(List.of(), program, environment);
    }

    /**
     * The same for a Codex that is started by another program, as another user perhaps: it may be the job's own.
     *
     * @param starter that program and its arguments, which the command follows
     */
    public static InstalledCodex ask(List<String> starter, Path program, Map<String, String> environment) {
        List<String> command = new ArrayList<>(starter);
        command.addAll(List.of(program.toString(), "--version"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(Redirect.DISCARD)
                .redirectInput(Redirect.from(NOTHING.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        // No home, or Codex would put helpers of its own into the user's, even for this.
        builder.environment().put("CODEX_HOME", NOTHING.toString());
        try {
            return new InstalledCodex(program, builder.start());
        } catch (IOException cannotBeStarted) {
            return new InstalledCodex(program, null);
        }
    }

    /**
     * Its version, when it has answered.
     *
     * @throws UnsupportedCodexException if it is too old, or does not say which it is
     */
    public CodexVersion require() throws UnsupportedCodexException, InterruptedException {
        CodexVersion version = answer().orElseThrow(() -> UnsupportedCodexException.unknown(program));
        if (version.compareTo(CodexVersion.OLDEST) < 0) {
            throw UnsupportedCodexException.tooOld(version, program);
        }
        return version;
    }

    private Optional<CodexVersion> answer() throws InterruptedException {
        if (question == null) {
            return Optional.empty();
        }
        try (InputStream output = question.getInputStream()) {
            if (!question.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS) || question.exitValue() != 0) {
                return Optional.empty();
            }
            // No more than is there: something that the program left running may still hold the pipe open.
            byte[] answer = output.readNBytes(Math.min(LONGEST, output.available()));
            return CodexVersion.in(new String(answer, StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            return Optional.empty();
        } finally {
            question.destroyForcibly();
        }
    }
}
