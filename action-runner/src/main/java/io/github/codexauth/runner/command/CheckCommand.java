package io.github.codexauth.runner.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.SignInMode;
import io.github.codexauth.runner.console.Json;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.policy.Verdict;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.Refusal;
import io.github.codexauth.trust.TrustDecision;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Shows the trust verdict without using any credential. */
final class CheckCommand implements Subcommand {
    private final Surroundings here;

    private final TrustOptions trustOptions = new TrustOptions();

    private final CredentialOption credentialOption = new CredentialOption();

    private final JsonOption json = new JsonOption();

    CheckCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public String name() {
        return "check";
    }

    @Override
    public List<Opt<?>> options() {
        List<Opt<?>> options = new ArrayList<>();
        options.addAll(trustOptions.options());
        options.addAll(credentialOption.options());
        options.addAll(json.options());
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage().description("Show whether this job would get a credential, and why. Exit code 77 if not.");
    }

    @Override
    public int run(ParseResult typed) throws CodexAuthException {
        List<CredentialId> ids = credentialOption.named(here.inputs()).stream().toList();
        Verdict verdict = trustOptions.gather(here).judge(new CredentialRequest(SignInMode.MANAGED, ids));
        json.print(here, () -> toJson(verdict));
        Messages messages = Console.messages(here);
        trustOptions.unseen(here).ifPresent(unseen -> messages.say(unseen.sentence()));
        TrustDecision.Trusted proof = verdict.require();
        messages.say("trusted by " + verdict.policy() + ": " + verdict.facts().description());
        proof.evidence().forEach(messages::say);
        return ExitCode.OK;
    }

    private static ObjectNode toJson(Verdict verdict) {
        ObjectNode object = Json.object()
                .put("trusted", verdict.isTrusted())
                .put("policy", verdict.policy())
                .put("job", verdict.facts().description());
        verdict.machine().ifPresent(machine -> object.put("machine", machine));
        if (verdict.decision() instanceof TrustDecision.Trusted trusted) {
            ArrayNode evidence = object.putArray("evidence");
            trusted.evidence().forEach(evidence::add);
        } else if (verdict.decision() instanceof TrustDecision.Refused refused) {
            ArrayNode reasons = object.putArray("refusals");
            for (Refusal refusal : refused.reasons()) {
                reasons.addObject().put("found", refusal.found()).put("fix", refusal.fix());
            }
        }
        return object;
    }
}
