package io.jenkins.plugins.codexauth.session;

import hudson.model.TaskListener;
import io.github.codexauth.SecretText;
import io.github.codexauth.login.LoginEvents;
import io.github.codexauth.store.Envelope;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Tells a build's log what happens to its login, and the log filter what to hide. */
public final class BuildLog implements LoginEvents {
    private static final String PREFIX = "[codex-auth] ";

    private final TaskListener log;
    private final Consumer<List<SecretText>> hide;
    private final Runnable onRefresh;
    private final AtomicInteger refreshes = new AtomicInteger();

    /** @param hide is given every secret before anything else happens with it */
    BuildLog(TaskListener log, Consumer<List<SecretText>> hide) {
        this(log, hide, () -> {});
    }

    /**
     * @param hide is given every secret before anything else happens with it
     * @param onRefresh run for every refresh that is stored
     */
    BuildLog(TaskListener log, Consumer<List<SecretText>> hide, Runnable onRefresh) {
        this.log = log;
        this.hide = hide;
        this.onRefresh = onRefresh;
    }

    /** A sentence of ours in a build's log. */
    public static void say(TaskListener log, String sentence) {
        log.getLogger().println(PREFIX + sentence);
    }

    /** Something that a person has to look at. */
    public static void warn(TaskListener log, String sentence) {
        log.getLogger().println(PREFIX + "warning: " + sentence);
    }

    /** What was found, and what to do about it. */
    public static void fail(TaskListener log, String problem, String hint) {
        log.getLogger().println(PREFIX + "error: " + problem);
        log.getLogger().println(PREFIX + "hint: " + hint);
    }

    @Override
    public void secrets(List<SecretText> secrets) {
        hide.accept(secrets);
    }

    @Override
    public void seeded(Envelope stored) {
        say(log, "stored the credential's login as " + describe(stored));
    }

    @Override
    public void seedIgnored(String reason) {
        // True of every build but the first, so nobody has to read it.
    }

    @Override
    public void recovered(Envelope stored) {
        say(log, "an earlier build had left a newer login; it is now " + describe(stored));
    }

    @Override
    public void refilled(Envelope stored, String source) {
        warn(
                log,
                "the credential had lost its login; it was taken from " + source + ", and is now " + describe(stored));
    }

    @Override
    public void saved(Envelope stored) {
        onRefresh.run();
        int times = refreshes.incrementAndGet();
        // A block that runs for days, or whose access tokens live for minutes, must not fill its log with it.
        if (Integer.bitCount(times) == 1) {
            String soFar = times < 3 ? "" : ", " + times + " times by now";
            say(log, "Codex refreshed the login" + soFar + "; it is stored as " + describe(stored));
        }
    }

    @Override
    public void rejected(String reason) {
        warn(log, reason + "; the stored login stays as it is");
    }

    @Override
    public void saveFailed(String problem) {
        warn(log, "the refreshed login is not stored yet: " + problem);
    }

    @Override
    public void linkedAway(Path login) {
        warn(
                log,
                "the build has moved auth.json to " + login
                        + " and linked to it; what is there is stored, and stays there as a"
                        + " copy of the login that others could use: rm " + login);
    }

    @Override
    public void notNoted(String problem) {
        warn(log, "what Codex says of the login could not be noted: " + problem);
    }

    @Override
    public void rescued(Path copy, String reason) {
        warn(log, reason + ", so the login was put aside on the controller, encrypted, in " + copy);
    }

    @Override
    public void strayProcessesEnded(int count) {
        say(
                log,
                "ended " + count + (count == 1 ? " Codex process" : " Codex processes")
                        + " that outlived the block: Codex could have used up the login unseen");
    }

    @Override
    public void notWiped(Path left) {
        warn(log, "could not remove " + left + "; remove it by hand: rm -rf " + left);
    }

    /** A stored login in a few words. */
    public static String describe(Envelope stored) {
        return "generation " + stored.generation() + " of '" + stored.id() + "'"
                + stored.expiresAt()
                        .map(expiry -> ", access token ends " + expiry.truncatedTo(ChronoUnit.SECONDS))
                        .orElse("");
    }
}
