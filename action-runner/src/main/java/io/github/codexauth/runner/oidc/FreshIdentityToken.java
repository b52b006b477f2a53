package io.github.codexauth.runner.oidc;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.SecretText;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.home.HomeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A job's identity token in a file that always holds one which has half of its life before it: Codex reads it whenever
 * it signs in anew, which may be hours after the job's start.
 *
 * <p>A new token takes the place of the old one in one step. Where none can be had the old one stays, that is said
 * once, and it is tried again.
 */
public final class FreshIdentityToken implements AutoCloseable {
    private static final String NAME = "identity-token";
    private static final Duration USUAL_LIFE = Duration.ofMinutes(5);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(10);
    private static final Duration LAST_ANSWER = Duration.ofSeconds(2);

    private final Path folder;
    private final IdentityTokens tokens;
    private final Watcher watcher;
    private final ScheduledExecutorService renewals = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "identity token");
        thread.setDaemon(true);
        return thread;
    });
    private boolean failing;

    /** What has to be done about a token, and who is told. */
    public interface Watcher {
        /** It is about to be in the file. */
        void comes(List<SecretText> token);

        /**
         * The file is there, and gets its name next.
         *
         * @throws HomeException if the job could not read it
         */
        void lies(Path file) throws HomeException;

        /** The old one could not be renewed, in a sentence. */
        void isLate(String sentence);
    }

    private FreshIdentityToken(Path folder, IdentityTokens tokens, Watcher watcher) {
        this.folder = folder;
        this.tokens = tokens;
        this.watcher = watcher;
    }

    /**
     * Gets the first token, and renews it from then on.
     *
     * @param folder a private one, for this alone
     * @throws NoIdentityTokenException if there is none to be had
     * @throws HomeException if it cannot be kept in the folder
     */
    public static FreshIdentityToken in(Path folder, IdentityTokens tokens, Watcher watcher) throws CodexAuthException {
        FreshIdentityToken fresh = new FreshIdentityToken(folder, tokens, watcher);
        try {
            fresh.scheduleAfter(fresh.renew());
            return fresh;
        } catch (UnprovenException | IOException e) {
            fresh.close();
            throw e instanceof UnprovenException unproven
                    ? new NoIdentityTokenException(unproven.reason(), "run the job again, once that answers")
                    : new HomeException("cannot keep an identity token in " + folder + ": " + e, "df -h " + folder);
        }
    }

    /** The file; absolute if the folder was. */
    public Path file() {
        return folder.resolve(NAME);
    }

    /** Ends the renewals. The file is left to whoever owns the folder. */
    @Override
    public void close() {
        renewals.shutdownNow();
        try {
            renewals.awaitTermination(LAST_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration renew() throws UnprovenException, IOException, CodexAuthException {
        IdentityTokens.Token token = tokens.ask();
        watcher.comes(List.of(SecretText.of(token.text())));
        Path aside = PrivateFiles.writeAside(file(), token.text().getBytes(StandardCharsets.UTF_8));
        try {
            watcher.lies(aside);
            Files.move(aside, file(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(aside);
        }
        Duration half = token.life().orElse(USUAL_LIFE).dividedBy(2);
        return half.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : half;
    }

    private void renewAgain() {
        Duration pause;
        try {
            pause = renew();
            failing = false;
        } catch (UnprovenException | IOException | CodexAuthException e) {
            pause = AFTER_A_FAILURE;
            if (!failing && !renewals.isShutdown()) {
                watcher.isLate("the identity token is not renewed: "
                        + (e instanceof UnprovenException unproven ? unproven.reason() : e.getMessage())
                        + "; the job has the old one, and it is tried again every " + pause.toSeconds() + " s");
            }
            failing = true;
        }
        scheduleAfter(pause);
    }

    private void scheduleAfter(Duration pause) {
        if (!renewals.isShutdown()) {
            renewals.schedule(this::renewAgain, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
