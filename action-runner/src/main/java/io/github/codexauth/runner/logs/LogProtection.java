package io.github.codexauth.runner.logs;

import io.github.codexauth.SecretText;
import io.github.codexauth.logs.SecretFilter;
import io.github.codexauth.logs.SecretForms;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Hides secrets: in the job's output by a filter, and in everything else that a workflow's log shows by its own masks.
 *
 * <p>The filter works at once and on this job alone. The masks ({@code ::add-mask::}) reach the runner with the log,
 * hold for every later step, and are printed on stderr, since stdout belongs to the job. Safe for use by several
 * threads.
 */
public final class LogProtection {
    private final SecretFilter filter = new SecretFilter(this::look);
    private final Set<String> masked = new HashSet<>();
    private final Optional<PrintStream> masks;
    private volatile SecretFilter.Lookout lookout = () -> {};

    private LogProtection(Optional<PrintStream> masks) {
        this.masks = masks;
    }

    /** For GitHub Actions, Forgejo and Gitea. */
    public static LogProtection withWorkflowCommands(PrintStream log) {
        return new LogProtection(Optional.of(log));
    }

    /** For everything else. */
    public static LogProtection withoutWorkflowCommands() {
        return new LogProtection(Optional.empty());
    }

    /** From now on these must not be seen. */
    public synchronized void hide(List<SecretText> secrets) {
        filter.add(secrets);
        if (masks.isPresent()) {
            for (SecretText secret : secrets) {
                for (String form : SecretForms.forMasks(secret)) {
                    if (masked.add(form)) {
                        masks.get().print("::add-mask::" + WorkflowCommand.escaped(form) + "\n");
                    }
                }
            }
            masks.get().flush();
        }
    }

    /**
     * From now on this is asked before any output of the job leaves, so that a secret is hidden, and masked in the log,
     * before it could be read there.
     *
     * @param newSecrets tells {@link #hide} whatever has appeared
     */
    public void lookFirst(SecretFilter.Lookout newSecrets) {
        lookout = newSecrets;
    }

    private void look() {
        lookout.look();
    }

    /** Copies one stream of the job, without secrets, until its end. */
    public void copy(InputStream from, OutputStream to) throws IOException {
        filter.copy(from, to);
    }
}
