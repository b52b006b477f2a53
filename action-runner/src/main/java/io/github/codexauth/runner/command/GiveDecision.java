package io.github.codexauth.runner.command;

import io.github.codexauth.home.AdministratorSettingsException;
import io.github.codexauth.home.CodexConfig;
import io.github.codexauth.home.SecretPlace;
import io.github.codexauth.runner.codex.Confinement;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.input.Give;
import java.util.List;
import java.util.Optional;

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
     * Decides.
     *
     * @param config Codex's settings, which keep the secrets from the model's commands
     * @param secrets where they lie
     * @param variables in which they are
     * @param brokered whether a broker could put this credential on what a Codex sends
     * @throws AdministratorSettingsException if the user asks for more than can be kept from the model's commands
     */
    Give take(CodexConfig config, List<SecretPlace> secrets, List<String> variables, boolean brokered)
            throws AdministratorSettingsException, InterruptedException {
        if (asked.isPresent()) {
            if (asked.get() != Give.NOTHING) {
                config.requireInForce(secrets, variables);
            }
            return asked.get();
        }
        if (!brokered) {
            config.requireInForce(secrets, variables);
            return usual;
        }
        Optional<String> why = confinement.missing();
        if (why.isEmpty()) {
            try {
                config.requireInForce(secrets, variables);
                return usual;
            } catch (AdministratorSettingsException lifted) {
                why = Optional.of(lifted.problem());
            }
        }
        messages.say("the job gets placeholders (--give nothing), since what the model runs could read its files: "
                + why.get());
        return Give.NOTHING;
    }
}
