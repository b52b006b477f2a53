package io.jenkins.plugins.codexauth.agent;

import hudson.AbortException;
import io.github.codexauth.SecretText;
import io.github.codexauth.home.HomeTokens;
import io.github.codexauth.logs.SecretFilter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What must not be seen in the output of a session, in this Java process: the controller's, or an agent's.
 *
 * <p>Kept in a static map, since output streams are made wherever Jenkins sends a log filter, and have to see tokens
 * that are born long after that. Safe for use by several threads.
 */
public final class SessionSecrets {
    private static final Map<String, SessionSecrets> ALL = new ConcurrentHashMap<>();

    private final SecretFilter filter = new SecretFilter(this::look);
    private final Set<SecretText> secrets = new LinkedHashSet<>();
    private volatile SecretFilter.Lookout home = () -> {};

    private SessionSecrets() {}

    /** Those of a session; none yet if it is not known here. */
    public static SessionSecrets of(String session) {
        return ALL.computeIfAbsent(session, unknown -> new SessionSecrets());
    }

    /** Streams that were made already go on hiding what they hide. */
    public static void forget(String session) {
        ALL.remove(session);
    }

    /** From now on these are hidden. */
    public synchronized void add(List<SecretText> more) {
        secrets.addAll(more);
        filter.add(more);
    }

    /** As {@link #add}, for what no other process may have: it is not among {@link #revealed}. */
    public void addHere(List<SecretText> more) {
        filter.add(more);
    }

    /** As {@link #add(List)}, with what came over a channel. */
    public void addRevealed(List<String> more) {
        add(more.stream().map(SecretText::of).toList());
    }

    /**
     * Says where new secrets appear in this process's file system. From now on it is looked there before any output
     * leaves: a build may print a token before the watch of the home has seen it.
     *
     * @param folder the {@code CODEX_HOME}
     */
    void lookFirst(Path folder) {
        home = new HomeTokens(folder, this::add)::look;
    }

    private void look() {
        home.look();
    }

    /** The same failure, or one with its message alone if a secret stands in it or in one of its causes. */
    public Throwable hideIn(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            String message = String.valueOf(each.getMessage());
            if (!hidden(message).equals(message)) {
                return new AbortException(hidden(String.valueOf(failure.getMessage())));
            }
        }
        return failure;
    }

    private String hidden(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream protectedOut = protect(out)) {
            protectedOut.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException memoryDoesNotFail) {
            throw new UncheckedIOException(memoryDoesNotFail);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** All of them, for another process that writes the same session's output. */
    public synchronized List<String> revealed() {
        return new ArrayList<>(secrets.stream().map(SecretText::reveal).toList());
    }

    /** A stream that hides them, also those that come later. */
    public OutputStream protect(OutputStream to) {
        return filter.protect(to);
    }
}
