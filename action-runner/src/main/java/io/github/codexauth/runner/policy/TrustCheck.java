package io.github.codexauth.runner.policy;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.oidc.SignedFacts;
import io.github.codexauth.runner.platform.Platforms;
import io.github.codexauth.runner.process.JobUser;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.TrustPolicy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges the job that this process is part of, before any credential is touched.
 *
 * <p>What is known of the job is gathered once, with a signed token and its issuer's keys where a rule asks for them,
 * and then judged for as many credentials as there are. Immutable.
 */
public final class TrustCheck {
    /** A policy, and what is known of the job where that policy judges it: each believes other issuers. */
    private record Case(TrustPolicy policy, JobFacts facts) {}

    private final List<Case> cases;

    private final SettingsTrust settings;

    private TrustCheck(List<Case> cases, SettingsTrust settings) {
        this.cases = List.copyOf(cases);
        this.settings = settings;
    }

    /**
     * Gathers what is known of the job with these variables, for the machine's policy and one that was named, which
     * both have to allow it.
     *
     * @param machines where the operator of a machine leaves its policy; no variable of a job decides that
     * @param named a policy file that somebody named
     * @throws InvalidPolicyException if a policy cannot be relied on
     */
    public static TrustCheck gather(Map<String, String> environment, Clock clock, Path machines, Optional<Path> named)
            throws CodexAuthException {
        JobFacts declared = Platforms.read(environment);
        boolean outsideOfCi = declared.platform().equals(Platforms.NONE);
        List<Case> cases = new ArrayList<>();
        boolean oneOnPurpose = true;
        for (PolicyFile.Loaded loaded : PolicyFile.load(named, machines, outsideOfCi, JobUser.in(environment))) {
            cases.add(new Case(loaded.policy().trust(), facts(environment, clock, declared, loaded)));
            oneOnPurpose &= loaded.policy().jobMayWritePolicy();
        }
        return new TrustCheck(cases, new SettingsTrust(outsideOfCi || oneOnPurpose));
    }

    /** Whose settings say where a credential goes. */
    public SettingsTrust settings() {
        return settings;
    }

    /** The verdict on a request. Nothing is asked of anybody. */
    public Verdict judge(CredentialRequest request) {
        Verdict whole = verdict(cases.get(0), request);
        for (Case narrower : cases.subList(1, cases.size())) {
            whole = whole.narrowedBy(verdict(narrower, request));
        }
        return whole;
    }

    private static Verdict verdict(Case one, CredentialRequest request) {
        TrustPolicy policy = one.policy();
        return Verdict.of(one.facts(), policy.name(), policy.machine(), policy.judge(one.facts(), request));
    }

    private static JobFacts facts(
            Map<String, String> environment, Clock clock, JobFacts declared, PolicyFile.Loaded loaded) {
        Policy policy = loaded.policy();
        JobFacts facts = loaded.doubt().isPresent()
                ? declared.withObstacle(loaded.doubt().get())
                : declared;
        return policy.requiresSignature(facts.platform())
                ? new SignedFacts(
                                environment,
                                clock,
                                policy.issuers(facts.platform()),
                                new SettingsTrust(policy.jobMayWritePolicy()).authorities(environment))
                        .prove(facts)
                : facts;
    }
}
