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
    private final Surroundings here;

    private final StoreOptions storeOptions = new StoreOptions();

    private final TrustOptions trustOptions = new TrustOptions();

    private final JsonOption json = new JsonOption();

    DoctorCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public String name() {
        return "doctor";
    }

    @Override
    public List<Opt<?>> options() {
        List<Opt<?>> options = new ArrayList<>();
        options.addAll(storeOptions.options());
        options.addAll(trustOptions.options());
        options.addAll(json.options());
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage().description("Show what would go wrong here. Exit code 78 if something would.");
    }

    @Override
    public int run(ParseResult typed) {
        List<Finding> findings = new ArrayList<>(CodexFindings.look(here.environment()));
        findings.addAll(attempt(this::store));
        findings.addAll(attempt(this::trust));
        findings.addAll(attempt(this::machine));
        if (json.isSet()) {
            Json.print(here.out(), toJson(findings));
        } else {
            findings.forEach(this::print);
        }
        return findings.stream().anyMatch(finding -> finding.state() == Finding.State.WRONG)
                ? ExitCode.CONFIGURATION
                : ExitCode.OK;
    }

    /** A part of the look around. */
    @FunctionalInterface
    private interface Look {
        List<Finding> findings() throws CodexAuthException;
    }

    /** What keeps us from looking is a finding, too. */
    private static List<Finding> attempt(Look look) {
        try {
            return look.findings();
        } catch (CodexAuthException e) {
            return List.of(Finding.wrong(e.problem(), e.hint()));
        }
    }

    private List<Finding> store() throws CodexAuthException {
        Storage storage = storeOptions.open(here);
        return StoreFindings.look(storage, storeOptions.atRest(here.inputs()), here.clock());
    }

    private List<Finding> machine() throws CodexAuthException {
        return MachineFindings.look(here.environment(), here.machine().userHome(), storeOptions.folder(here));
    }

    private List<Finding> trust() throws CodexAuthException {
        List<Finding> findings = new ArrayList<>();
        trustOptions.unseen(here).ifPresent(unseen -> findings.add(Finding.weak(unseen.what(), unseen.fix())));
        Verdict verdict = trustOptions.gather(here).judge(new CredentialRequest(SignInMode.MANAGED, List.of()));
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
        PrintStream out = here.out();
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
