package io.github.codexauth.runner.command;

import io.github.codexauth.home.AdministratorSettingsException;
import io.github.codexauth.home.CodexConfig;
import io.github.codexauth.home.SecretPlace;
import io.github.codexauth.runner.codex.Confinement;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.input.Give;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a job gets of its credential: what the user asks for; else the usual, unless nothing here would keep it from the
 * commands that the model runs. Then the job gets nothing of it.
 *
 * @param asked what the user asks for
 * @param usual what a job gets otherwise
 * @param messages told of a decision that the user did not take
 */
record GiveDecision(Optional<Give> asked, Give usual, Confinement confinement, Messages messages) {
    /**
     * What was decided.
     *
     * @param config the job's settings; where nothing would be hidden anyway, without rules that Codex then could not
     *     start with
     */
    record Decision(Give give, CodexConfig config) {}

    /**
     * Decides.
     *
     * @param config Codex's settings, which keep the secrets from the model's commands
     * @param secrets where they lie
     * @param variables in which they are
     * @param brokered whether a broker could put this credential on what a Codex sends
     * @throws AdministratorSettingsException if the user asks for more than can be kept from the model's commands
     */
    Decision take(CodexConfig config, List<SecretPlace> secrets, List<String> variables, boolean brokered)
            throws AdministratorSettingsException, InterruptedException {
        boolean nothing = asked.equals(Optional.of(Give.NOTHING));
        if (!nothing && (asked.isPresent() || !brokered)) {
            config.requireInForce(secrets, variables);
            return new Decision(asked.orElse(usual), config);
        }
        Optional<String> shown = whyShown(config, secrets, variables);
        if (shown.isEmpty()) {
            return new Decision(nothing ? Give.NOTHING : usual, config);
        }
        if (!nothing) {
            messages.say("the job gets placeholders (--give nothing), since what the model runs could read its files: "
                    + shown.get());
        }
        String readable = secrets.stream()
                .map(SecretPlace::example)
                .filter(Files::isReadable)
                .map(Path::toString)
                .collect(Collectors.joining(", "));
        if (!readable.isEmpty()) {
            messages.warn("what the model runs can read " + readable
                    + " all the same; give codex-auth a user of its own, as its image does when it starts as root");
        }
        return new Decision(Give.NOTHING, config.hidingNothing());
    }

    /** Why Codex would not hide them, as half a sentence; empty if it does. */
    private Optional<String> whyShown(CodexConfig config, List<SecretPlace> secrets, List<String> variables)
            throws InterruptedException {
        Optional<String> missing = confinement.missing();
        if (missing.isPresent()) {
            return missing;
        }
        try {
            config.requireInForce(secrets, variables);
            return Optional.empty();
        } catch (AdministratorSettingsException lifted) {
            return Optional.of(lifted.problem());
        }
    }
}
