package io.github.codexauth.login;

import io.github.codexauth.SecretText;
import io.github.codexauth.store.Envelope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the events told, one line each. */
public final class EventLog implements LoginEvents {
    public final List<String> lines = new ArrayList<>();

    /** What no log may show, in the order in which it was told. */
    public final List<SecretText> secrets = new ArrayList<>();

    @Override
    public void secrets(List<SecretText> hidden) {
        secrets.addAll(hidden);
    }

    @Override
    public void seeded(Envelope stored) {
        lines.add("seeded " + stored.generation());
    }

    @Override
    public void seedIgnored(String reason) {
        lines.add("ignored: " + reason);
    }

    @Override
    public void recovered(Envelope stored) {
        lines.add("recovered " + stored.generation());
    }

    @Override
    public void refilled(Envelope stored, String source) {
        lines.add("refilled from " + source);
    }

    @Override
    public void saved(Envelope stored) {
        lines.add("saved " + stored.generation());
    }

    @Override
    public void rejected(String reason) {
        lines.add("rejected: " + reason);
    }

    @Override
    public void saveFailed(String problem) {
        lines.add("not saved: " + problem);
    }

    @Override
    public void rescued(Path copy, String reason) {
        lines.add("put aside: " + reason);
    }

    @Override
    public void linkedAway(Path login) {
        lines.add("linked away");
    }

    @Override
    public void notNoted(String problem) {
        lines.add("not noted: " + problem);
    }

    @Override
    public void strayProcessesEnded(int count) {
        lines.add("ended " + count);
    }

    @Override
    public void notWiped(Path left) {
        lines.add("left " + left);
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
