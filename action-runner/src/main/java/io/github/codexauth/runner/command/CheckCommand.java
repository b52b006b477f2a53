package io.github.codexauth.runner.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.SignInMode;
import io.github.codexauth.runner.console.Json;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.option.Option;
import io.github.codexauth.runner.option.Options;
import io.github.codexauth.runner.option.TrustOptions;
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
    private final ProcessContext process;

    CheckCommand(ProcessContext process) {
        this.process = process;
    }

    @Override
    public String name() {
        return "check";
    }

    @Override
    public List<Option> options() {
        List<Option> options = new ArrayList<>();
        options.add(Options.POLICY);
        options.add(Options.ID);
        options.add(Options.JSON);
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage().description("Show whether this job would get a credential, and why. Exit code 77 if not.");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) throws CodexAuthException {
        TrustOptions trust = new TrustOptions(process, inputs);
        List<CredentialId> ids = Options.ID.in(inputs).stream().toList();
        Verdict verdict = trust.gather().judge(new CredentialRequest(SignInMode.MANAGED, ids));
        if (Options.JSON.isIn(inputs)) {
            Json.print(process.out(), toJson(verdict));
        }
        Messages messages = Console.messages(process);
        trust.unseen().ifPresent(unseen -> messages.say(unseen.sentence()));
        TrustDecision.Trusted proof = verdict.require();
        messages.say("trusted by " + verdict.policy() + ": " + verdict.facts().description());
        proof.evidence().forEach(messages::say);
        return ExitCode.OK.number();
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
