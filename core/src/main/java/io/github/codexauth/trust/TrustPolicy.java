package io.github.codexauth.trust;

import io.github.codexauth.CredentialId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which jobs may have which credential. Immutable.
 *
 * @param name what to call it in messages
 * @param machine the machine it is for, if it says
 * @param rules the first that fits decides; none refuses
 * @param credentials who may use a credential, and how; those not named here are for every job that a rule allows, one
 *     at a time
 * @param allowOtherCredentials whether a job may run although its environment has another credential for Codex
 */
public record TrustPolicy(
        String name,
        Optional<String> machine,
        List<TrustRule> rules,
        Map<CredentialId, CredentialTerms> credentials,
        boolean allowOtherCredentials) {
    public TrustPolicy {
        rules = List.copyOf(rules);
        credentials = Map.copyOf(credentials);
    }

    /** Judges a job. Every reason is listed, not only the first. */
    public TrustDecision judge(JobFacts facts, CredentialRequest request) {
        List<Refusal> refusals = new ArrayList<>(facts.obstacles());
        if (!allowOtherCredentials && !facts.otherCredentials().isEmpty()) {
            String variables = String.join(" ", facts.otherCredentials());
            refusals.add(new Refusal(
                    "another credential for Codex is in the job's environment: " + variables,
                    "take it out of the job, so that nobody can mistake one for the other: unset " + variables));
        }
        TrustRule.Outcome outcome = closest(facts);
        refusals.addAll(outcome.refusals());
        for (CredentialId id : request.ids()) {
            CredentialTerms terms = credentials.getOrDefault(id, CredentialTerms.USUAL);
            if (terms.repositories().isPresent()) {
                refusals.addAll(narrowed(id, terms.repositories().get(), facts, outcome.required()));
            }
            if (request.shared() && !terms.shared()) {
                refusals.add(notShared(id));
            }
        }
        if (!refusals.isEmpty()) {
            return new TrustDecision.Refused(refusals);
        }
        return new TrustDecision.Trusted(request, outcome.evidence());
    }

    /** The first rule that fits; else what the one that is nearest to fitting has against the job. */
    private TrustRule.Outcome closest(JobFacts facts) {
        Optional<TrustRule.Outcome> closest = Optional.empty();
        for (TrustRule rule : rules) {
            if (rule.platform().equals(facts.platform())) {
                TrustRule.Outcome outcome = rule.apply(facts);
                if (closest.isEmpty()
                        || outcome.refusals().size() < closest.get().refusals().size()) {
                    closest = Optional.of(outcome);
                }
            }
        }
        return closest.isPresent()
                ? closest.get()
                : new TrustRule.Outcome(List.of(noRule(facts)), List.of(), Evidence.DECLARED);
    }

    private Refusal noRule(JobFacts facts) {
        if (facts.platform().equals("none")) {
            return new Refusal(
                    "no CI system is known to have started this, and " + name + " does not allow that",
                    "on a machine of your own, let its operator say so in /etc/codex-auth/policy.yaml:"
                            + " version: 1, allow: [{platform: none}]");
        }
        if (facts.platform().equals(JobFacts.UNKNOWN_CI)) {
            return new Refusal(
                    "this is " + facts.description(),
                    "no rule can allow what nobody can look at. If no CI system started this, take the variables away: env -u NAME"
                            + " codex-auth …");
        }
        return new Refusal(
                name + " has no rule for " + facts.platform(),
                facts.advice().map(advice -> advice + "; or ").orElse("")
                        + "let the operator of this machine add one to /etc/codex-auth/policy.yaml: allow: [{platform: "
                        + facts.platform() + ", …}]");
    }

    private Refusal notShared(CredentialId id) {
        return new Refusal(
                name + " does not say that several jobs at once may use credential '" + id + "'",
                "let jobs take turns: leave --shared away (CODEX_AUTH_SHARED), and add --wait 15m; or let the operator of this machine"
                        + " write in /etc/codex-auth/policy.yaml: credentials: {" + id + ": {shared: true}}");
    }

    private static List<Refusal> narrowed(
            CredentialId id, List<NamePattern> repositories, JobFacts facts, Evidence required) {
        Optional<Fact<String>> named = facts.repository()
                .filter(repository -> repositories.stream().anyMatch(pattern -> pattern.matches(repository.value())));
        if (named.isEmpty()) {
            return List.of(new Refusal(
                    "credential '" + id + "' is for " + repositories + ", and this job's repository is "
                            + facts.repository().map(Fact::toString).orElse("not known"),
                    "use another credential, or add the repository to 'credentials: " + id + "' in the policy"));
        }
        if (named.get().evidence().compareTo(required) < 0) {
            return List.of(new Refusal(
                    "credential '" + id + "' is for " + repositories + ", and this job's repository is only declared: "
                            + named.get(),
                    "give the job a signed token, as the policy's 'require: signed' asks"));
        }
        return List.of();
    }
}
