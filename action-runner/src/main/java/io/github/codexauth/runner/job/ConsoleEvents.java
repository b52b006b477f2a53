package io.github.codexauth.runner.job;

import io.github.codexauth.SecretText;
import io.github.codexauth.login.LoginEvents;
import io.github.codexauth.runner.console.Age;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.LeaseState;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/** Tells a person what happens to the login, and the log protection what to hide. */
public final class ConsoleEvents implements LoginEvents {
    private final Messages messages;
    private final Consumer<List<SecretText>> hide;
    private final Clock clock;

    /** @param hide is given every secret before anything else happens with it */
    public ConsoleEvents(Messages messages, Consumer<List<SecretText>> hide, Clock clock) {
        this.messages = messages;
        this.hide = hide;
        this.clock = clock;
    }

    @Override
    public void secrets(List<SecretText> secrets) {
        hide.accept(secrets);
    }

    @Override
    public void seeded(Envelope stored) {
        messages.say("stored the given login as " + describe(stored));
    }

    @Override
    public void seedIgnored(String reason) {
        messages.say("the given login was not used: " + reason);
    }

    @Override
    public void recovered(Envelope stored) {
        messages.say("a job that was killed had left a newer login here; it is now " + describe(stored));
    }

    @Override
    public void refilled(Envelope stored, String source) {
        messages.warn("the store had lost its login; it was taken from " + source + ", and is now " + describe(stored));
    }

    @Override
    public void saved(Envelope stored) {
        messages.say("Codex refreshed the login; it is stored as " + describe(stored));
    }

    @Override
    public void savedLate(Envelope stored) {
        messages.warn(
                "Codex refreshed the login after its lease had ended, so another job may have used it meanwhile; it is"
                        + " stored as " + describe(stored));
    }

    @Override
    public void lease(LeaseState state) {
        if (state instanceof LeaseState.Doubtful) {
            messages.warn("the store has not answered for a while, so another job may get the login; it is tried on");
        } else if (state instanceof LeaseState.Lost) {
            messages.warn(
                    "the lease is over, so another job may have the login; what Codex refreshes here is saved if it"
                            + " still can be");
        } else {
            messages.say("the store answers again, and the login is this job's");
        }
    }

    @Override
    public void rejected(String reason) {
        messages.warn(reason + "; the stored login stays as it is");
    }

    @Override
    public void saveFailed(String problem) {
        messages.warn("the refreshed login is not stored yet: " + problem);
    }

    @Override
    public void linkedAway(Path login) {
        messages.warn(
                "the job has moved auth.json to " + login + " and linked to it; what is there is saved, and stays there"
                        + " as a copy of the login that others could use: rm " + login);
    }

    @Override
    public void notNoted(String problem) {
        messages.warn("what Codex says of the login could not be noted in the store: " + problem);
    }

    @Override
    public void rescued(Path copy, String reason) {
        messages.warn(reason + ", so the login was put aside in " + copy + "; look at it with: codex-auth rescue");
    }

    @Override
    public void putAside(Envelope stray, String reason) {
        messages.warn(reason + ", so the login was put aside in the store; look at it with: codex-auth rescue --list"
                + " --id " + stray.id());
    }

    @Override
    public void stillAside(String name, String problem) {
        messages.warn(name + " could not be removed from the store, where nobody needs it any more: " + problem);
    }

    @Override
    public void awaitingRefresh() {
        messages.say("a Codex process outlived the job and may be refreshing the login; waiting for it");
    }

    @Override
    public void strayProcessesEnded(int count) {
        messages.say("ended " + count + (count == 1 ? " Codex process" : " Codex processes")
                + " that outlived the job: Codex could have used up the login unseen");
    }

    @Override
    public void notWiped(Path left) {
        messages.warn("could not remove " + left + "; remove it by hand: rm -rf " + left);
    }

    private String describe(Envelope stored) {
        return "generation " + stored.generation() + " of '" + stored.id() + "'"
                + stored.expiresAt()
                        .map(expiry -> ", access token ends " + Age.of(expiry, clock.instant()))
                        .orElse("");
    }
}
