package io.github.codexauth.runner.storage;

import io.github.codexauth.SecretText;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.PasswordSource;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A password that a command prints, such as a token of a cloud that is good for some minutes. Its other output is
 * dropped, since it may quote the password.
 *
 * @param command a line for the shell
 * @param environment what it gets
 * @param limit after which it is ended
 */
public record PasswordCommand(String command, Map<String, String> environment, Duration limit)
        implements PasswordSource {
    /** What a cloud gives out is below 4 KiB. */
    private static final int LONGEST = 64 * 1024;

    private static final String HINT = "try it by itself: sh -c \"$CODEX_AUTH_STORE_PASSWORD_COMMAND\"";

    @Override
    public Optional<SecretText> read() throws StoreUnavailableException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
                .redirectInput(Redirect.from(new java.io.File("/dev/null")))
                .redirectError(Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            try (InputStream out = process.getInputStream()) {
                return Optional.of(SecretText.of(firstLine(process, out)));
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new StoreUnavailableException("the store's password command could not be run", HINT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("the store's password command was interrupted", HINT);
        }
    }

    private String firstLine(Process process, InputStream out)
            throws IOException, InterruptedException, StoreUnavailableException {
        // A command that prints more than a password would wait for a reader, and come to its limit.
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new StoreUnavailableException(
                    "the store's password command did not end within " + limit.toSeconds() + " s", HINT);
        }
        if (process.exitValue() != 0) {
            throw new StoreUnavailableException(
                    "the store's password command ended with exit code " + process.exitValue(), HINT);
        }
        String text = new String(out.readNBytes(LONGEST), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("");
        if (text.isEmpty()) {
            throw new StoreUnavailableException("the store's password command printed nothing", HINT);
        }
        return text;
    }

    @Override
    public String toString() {
        return "PasswordCommand[****]";
    }
}
