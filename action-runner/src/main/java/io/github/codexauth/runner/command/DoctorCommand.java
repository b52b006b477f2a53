package io.github.codexauth.runner.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.SignInMode;
import io.github.codexauth.runner.console.Json;
import io.github.codexauth.runner.doctor.CodexFindings;
import io.github.codexauth.runner.doctor.Finding;
import io.github.codexauth.runner.doctor.MachineFindings;
import io.github.codexauth.runner.doctor.StoreFindings;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.option.Option;
import io.github.codexauth.runner.option.Options;
import io.github.codexauth.runner.option.StoreOptions;
import io.github.codexauth.runner.option.TrustOptions;
import io.github.codexauth.runner.policy.Verdict;
import io.github.codexauth.runner.storage.Storage;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.TrustDecision;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Looks for what would go wrong on this machine, before a job finds out. */
final class DoctorCommand implements Subcommand {
    private final ProcessContext process;

    DoctorCommand(ProcessContext process) {
        this.process = process;
    }

    @Override
    public String name() {
        return "doctor";
    }

    @Override
    public List<Option> options() {
        List<Option> options = new ArrayList<>();
        options.addAll(StoreOptions.ALL);
        options.add(Options.POLICY);
        options.add(Options.JSON);
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage().description("Show what would go wrong here. Exit code 78 if something would.");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) {
        StoreOptions options = new StoreOptions(process, inputs);
        TrustOptions trust = new TrustOptions(process, inputs);
        List<Finding> findings = new ArrayList<>(CodexFindings.look(process.environment()));
        findings.addAll(attempt(() -> store(options)));
        findings.addAll(attempt(() -> trust(trust)));
        findings.addAll(attempt(() -> machine(options)));
        if (Options.JSON.isIn(inputs)) {
            Json.print(process.out(), toJson(findings));
        } else {
            findings.forEach(this::print);
        }
        return findings.stream().anyMatch(finding -> finding.state() == Finding.State.WRONG)
                ? ExitCode.CONFIGURATION.number()
                : ExitCode.OK.number();
    }

    /** A part of the look around. */
    @FunctionalInterface
    private interface Examination {
        List<Finding> findings() throws CodexAuthException;
    }

    /** What keeps us from looking is a finding, too. */
    private static List<Finding> attempt(Examination examination) {
        try {
            return examination.findings();
        } catch (CodexAuthException e) {
            return List.of(Finding.wrong(e.problem(), e.hint()));
        }
    }

    private List<Finding> store(StoreOptions options) throws CodexAuthException {
        Storage storage = options.open();
        List<Finding> findings = new ArrayList<>(StoreFindings.look(storage, options.atRest(), process.clock()));
        options.weaknesses().forEach(weakness -> findings.add(Finding.weak(weakness.what(), weakness.hint())));
        return findings;
    }

    private List<Finding> machine(StoreOptions options) throws CodexAuthException {
        return MachineFindings.look(process.environment(), process.machine().userHome(), options.folder());
    }

    private List<Finding> trust(TrustOptions trust) throws CodexAuthException {
        List<Finding> findings = new ArrayList<>();
        trust.unseen().ifPresent(unseen -> findings.add(Finding.weak(unseen.what(), unseen.fix())));
        Verdict verdict = trust.gather().judge(new CredentialRequest(SignInMode.MANAGED, List.of()));
        if (verdict.decision() instanceof TrustDecision.Refused refused) {
            refused.reasons()
                    .forEach(refusal -> findings.add(
                            Finding.wrong("a job here would be refused: " + refusal.found(), refusal.fix())));
        } else {
            findings.add(Finding.fine("a job here would be trusted by " + verdict.policy()));
        }
        return findings;
    }

    private void print(Finding finding) {
        PrintStream out = process.out();
        out.println(finding.state().mark() + "  " + finding.what());
        finding.hint().ifPresent(hint -> out.println("         " + hint));
        out.flush();
    }

    private static ObjectNode toJson(List<Finding> findings) {
        ObjectNode object = Json.object();
        ArrayNode array = object.putArray("findings");
        for (Finding finding : findings) {
            ObjectNode entry = array.addObject()
                    .put("state", finding.state().name().toLowerCase(java.util.Locale.ROOT))
                    .put("what", finding.what());
            finding.hint().ifPresent(hint -> entry.put("hint", hint));
        }
        return object;
    }
}
