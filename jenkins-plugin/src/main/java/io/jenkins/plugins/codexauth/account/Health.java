package io.jenkins.plugins.codexauth.account;

import java.time.Duration;
import java.time.Instant;

/**
 * How a login does, by what it says of itself and by what is noted of it. OpenAI is not asked: that would take a
 * refresh, and a refresh is a build's to make.
 *
 * <p>An access token that has ended is no harm while the refresh token lives, which nobody but OpenAI knows; what
 * counts here is for how long nobody has tried.
 */
public enum Health {
    HEALTHY("Healthy", "jenkins-!-success-color", "Nothing to do."),
    ENDS_SOON("Ends soon", "jenkins-!-info-color", "The next build lets Codex refresh it."),
    ENDED("Access token ended", "jenkins-!-warning-color", "Run a job with this account, which refreshes it."),
    KEEP_ALIVE_DUE(
            "Keep-alive due",
            "jenkins-!-warning-color",
            "Run a job with this account, so that its refresh token does not end."),
    UNKNOWN("Not known", "jenkins-!-warning-color", "Look at the store that the account names."),
    NEEDS_LOGIN(
            "Needs a new login",
            "jenkins-!-error-color",
            "Log in with 'codex login' and paste the new auth.json into the credential.");

    private static final Duration SOON = Duration.ofDays(2);
    private static final Duration IDLE_AFTER = Duration.ofDays(7);
    private static final Duration KEEP_ALIVE_AFTER = Duration.ofDays(28);

    private final String label;
    private final String color;
    private final String advice;

    Health(String label, String color, String advice) {
        this.label = label;
        this.color = color;
        this.advice = advice;
    }

    static Health of(LoginFacts login, Instant now) {
        if (login.needsLogin().isPresent()) {
            return NEEDS_LOGIN;
        }
        boolean ended = login.endsBefore(now);
        if (login.isIdleSince(now.minus(KEEP_ALIVE_AFTER))) {
            return ended ? NEEDS_LOGIN : KEEP_ALIVE_DUE;
        }
        if (ended) {
            return login.isIdleSince(now.minus(IDLE_AFTER)) ? KEEP_ALIVE_DUE : ENDED;
        }
        return login.endsBefore(now.plus(SOON)) ? ENDS_SOON : HEALTHY;
    }

    /** In a word or two. */
    public String label() {
        return label;
    }

    /** Jenkins' CSS class for it, which themes know. */
    public String color() {
        return color;
    }

    /** What to do. */
    public String advice() {
        return advice;
    }

    /** Whether there is nothing to say of it. */
    public boolean isFine() {
        return this == HEALTHY;
    }

    /** Whether a person has to do something, since no build may come by itself. */
    public boolean isWorrying() {
        return this == KEEP_ALIVE_DUE || this == UNKNOWN || this == NEEDS_LOGIN;
    }
}
