package io.github.codexauth.home;

import java.time.Duration;

/** How long a Codex that may be refreshing a login can hold up whoever wants to end it. */
@FunctionalInterface
public interface Patience {
    /**
     * For when nobody is in a hurry. A refresh is over in a minute or never; the rest is for a job that left more than
     * one Codex behind, or something that starts it again and again.
     */
    Patience UNHURRIED = upTo(Duration.ofMinutes(2));

    /** For where there is no login to lose. */
    Patience NONE = waited -> false;

    /** Whether to wait on. Asked again and again, so the answer may change when somebody begins to hurry. */
    boolean lasts(Duration waited);

    /** So long and no longer. */
    static Patience upTo(Duration longest) {
        return waited -> waited.compareTo(longest) < 0;
    }
}
