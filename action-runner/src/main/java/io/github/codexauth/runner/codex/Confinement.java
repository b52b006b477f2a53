package io.github.codexauth.runner.codex;

import io.github.codexauth.runner.process.Command;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether Codex can keep from the commands that the model runs what its settings say they must not read. It does so by
 * a sandbox, which needs Linux's user namespaces, and which words of the job's own switch off.
 */
public final class Confinement {
    /** Each of them, given to {@code codex}, takes the place of the settings' permissions (0.138.0 to 0.171.0). */
    private static final Set<String> LIFTING = Set.of("--sandbox", "-s", "--full-auto");

    private static final List<String> LIFTING_PARTS = List.of(
            "--dangerously-bypass-approvals-and-sandbox",
            "--yolo",
            "--sandbox=",
            "--sandbox ",
            "sandbox_mode=",
            "default_permissions=");

    private static final int SECONDS = 5;

    /** Nobody has looked. */
    public static final Confinement UNTRIED = new Confinement(Optional.empty(), null);

    private final Optional<String> lifting;
    private final @Nullable Process namespaces;

    private Confinement(Optional<String> lifting, @Nullable Process namespaces) {
        this.lifting = lifting;
        this.namespaces = namespaces;
    }

    /** Begins to find out. */
    public static Confinement ask(Command job) {
        Optional<String> lifting = lifting(job.words());
        return new Confinement(lifting, lifting.isPresent() ? null : tryNamespaces());
    }

    /** A part counts in whatever program's words: a shell starts Codex, too. */
    private static Optional<String> lifting(List<String> words) {
        boolean codex = words.get(0).equals("codex") || words.get(0).endsWith("/codex");
        for (String word : words.subList(1, words.size())) {
            if (codex && LIFTING.contains(word)) {
                return Optional.of(word);
            }
            for (String part : LIFTING_PARTS) {
                if (word.contains(part)) {
                    return Optional.of(part.strip());
                }
            }
        }
        return Optional.empty();
    }

    /** @return null where there is no such program: then nothing is known, and nothing is said */
    private static @Nullable Process tryNamespaces() {
        try {
            return new ProcessBuilder("unshare", "--user", "--map-root-user", "--mount", "true")
                    .redirectInput(Redirect.from(new File("/dev/null")))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
        } catch (IOException none) {
            return null;
        }
    }

    /** Why it cannot, as half a sentence; empty if it can, as far as is known. */
    public Optional<String> missing() throws InterruptedException {
        if (lifting.isPresent()) {
            return Optional.of("the job's own '" + lifting.get() + "' switches that off");
        }
        if (namespaces != null && namespaces.waitFor(SECONDS, TimeUnit.SECONDS) && namespaces.exitValue() != 0) {
            return Optional.of("there are no user namespaces here, so Codex's sandbox does not work");
        }
        return Optional.empty();
    }
}
