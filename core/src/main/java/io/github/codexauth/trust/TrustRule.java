package io.github.codexauth.trust;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One kind of job that may have a credential. Each condition is empty where the operator does not ask for the fact.
 *
 * @param platform the CI system
 * @param repositories names that are allowed
 * @param pins numbers and signers that are allowed
 * @param visibility what is allowed
 * @param runners what is allowed
 * @param events what is allowed
 * @param refs what is allowed
 * @param outsiders whether changes from forks and outside contributors are allowed
 * @param bots names of bots whose changes are allowed; an empty list allows none
 * @param required how well each fact that is asked for has to be proven
 */
public record TrustRule(
        String platform,
        Optional<List<NamePattern>> repositories,
        Pins pins,
        Optional<List<Visibility>> visibility,
        Optional<List<RunnerKind>> runners,
        Optional<List<String>> events,
        Optional<RefCondition> refs,
        boolean outsiders,
        Optional<List<String>> bots,
        Evidence required) {

    /** A rule that asks for no fact at all: whoever writes it answers for everything. */
    public static TrustRule withoutConditions(String platform, Evidence required) {
        return new TrustRule(
                platform,
                Optional.empty(),
                Pins.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                Optional.empty(),
                required);
    }

    /** What one rule makes of a job: the reasons against it, and what speaks for it. */
    record Outcome(List<Refusal> refusals, List<String> evidence, Evidence required) {}

    Outcome apply(JobFacts facts) {
        List<Refusal> refusals = new ArrayList<>();
        List<String> evidence = new ArrayList<>();
        Conditions conditions = new Conditions(refusals, evidence);
        if (repositories.isPresent()) {
            List<NamePattern> allowed = repositories.get();
            conditions.ask(
                    "the repository",
                    facts.repository(),
                    name -> matchesAny(allowed, name),
                    name -> "repositories " + allowed + " only; add it to 'repositories' in the policy",
                    "no 'repositories'");
        }
        askForPins(facts, conditions);
        if (visibility.isPresent()) {
            List<Visibility> allowed = visibility.get();
            conditions.ask(
                    "the repository's visibility",
                    facts.visibility(),
                    allowed::contains,
                    value -> value == Visibility.PUBLIC
                            ? "never use a managed login or a shared key in a public repository: move the job to a private one"
                            : "visibility " + allowed + " only; add it to 'visibility' in the policy",
                    "visibility: [any]");
        }
        if (!outsiders) {
            conditions.ask(
                    "whether the change comes from outside (a fork, a person without write access)",
                    facts.outside(),
                    fromOutside -> !fromOutside,
                    fromOutside -> "run Codex on branches of the repository itself, after a review",
                    "forks: true");
        }
        if (bots.isPresent()) {
            List<String> allowed = bots.get();
            conditions.ask(
                    "bots that the change comes from",
                    facts.bots(),
                    found -> found.areAllAmong(allowed),
                    found ->
                            "let a person of the repository review and merge it first; or, if what this bot brings may run with a"
                                    + " credential, add it to 'bots' in the operator's policy",
                    "bots: true");
        }
        if (runners.isPresent()) {
            List<RunnerKind> allowed = runners.get();
            conditions.ask(
                    "the kind of runner",
                    facts.runner(),
                    allowed::contains,
                    kind -> "run the job on " + allowed + ", or add " + kind + " to 'runners' in the operator's policy",
                    "runners: [any]");
        }
        if (events.isPresent()) {
            List<String> allowed = events.get();
            conditions.ask(
                    "the event",
                    facts.event(),
                    allowed::contains,
                    event -> "start the job by one of " + allowed
                            + ", or add it to 'events' in the operator's policy if no"
                            + " stranger's input reaches the job by it",
                    "events: [any]");
        }
        if (refs.isPresent()) {
            RefCondition allowed = refs.get();
            conditions.ask(
                    "the ref",
                    facts.ref(),
                    name -> matchesAny(allowed.names(), name),
                    name -> "run the job on " + allowed.names() + ", or add it to 'refs' in the policy",
                    "no 'refs'");
            if (!allowed.unprotectedToo()) {
                conditions.ask(
                        "whether the ref is protected",
                        facts.refProtected(),
                        isProtected -> isProtected,
                        isProtected -> "protect the ref in the CI system, so that not everybody who may push decides"
                                + " what runs there; or write 'unprotected-refs: true' beside 'refs' in the policy",
                        "unprotected-refs: true");
            }
        }
        return new Outcome(refusals, evidence, required);
    }

    private void askForPins(JobFacts facts, Conditions conditions) {
        if (!pins.repositoryIds().isEmpty()) {
            conditions.ask(
                    "the repository's id",
                    facts.repositoryId(),
                    pins.repositoryIds()::contains,
                    id ->
                            "this is another repository, whatever its name; add the id to 'repository-ids' in the policy if it"
                                    + " should be allowed",
                    "no 'repository-ids'");
        }
        if (!pins.ownerIds().isEmpty()) {
            conditions.ask(
                    "the id of the repository's owner",
                    facts.ownerId(),
                    pins.ownerIds()::contains,
                    id ->
                            "this is another owner, whatever its name; add the id to 'owner-ids' in the policy if it should be"
                                    + " allowed",
                    "no 'owner-ids'");
        }
        if (!pins.issuers().isEmpty()) {
            conditions.ask(
                    "who signed the job's token",
                    facts.signature().map(signature -> Fact.signed(signature.issuer(), "signed token: iss")),
                    pins.issuers()::contains,
                    issuer ->
                            "this rule takes the word of " + pins.issuers() + " only; name others under its 'issuers'",
                    "require: declared");
        }
    }

    private static boolean matchesAny(List<NamePattern> patterns, String name) {
        for (NamePattern pattern : patterns) {
            if (pattern.matches(name)) {
                return true;
            }
        }
        return false;
    }

    /** Collects what the conditions find. */
    private final class Conditions {
        private final List<Refusal> refusals;
        private final List<String> evidence;

        Conditions(List<Refusal> refusals, List<String> evidence) {
            this.refusals = refusals;
            this.evidence = evidence;
        }

        /** @param waiver what an operator writes to do without the fact */
        <T> void ask(
                String subject, Optional<Fact<T>> fact, Predicate<T> allowed, Function<T, String> fix, String waiver) {
            if (fact.isEmpty()) {
                refusals.add(new Refusal(
                        subject + " is not known",
                        "unknown means refused; see what was found with: codex-auth check. An operator who answers for it can"
                                + " give the condition up in the policy's rule for " + platform + " by: " + waiver));
                return;
            }
            Fact<T> known = fact.get();
            if (!allowed.test(known.value())) {
                refusals.add(new Refusal(subject + ": " + known, fix.apply(known.value())));
            } else if (known.evidence().compareTo(required) < 0) {
                refusals.add(new Refusal(
                        subject + ": " + known + " is only declared, and the policy requires a signature",
                        "give the job a signed token that says it; what no token says, only a rule with 'require: declared' can"
                                + " accept"));
            } else {
                evidence.add(subject + ": " + known);
            }
        }
    }
}
