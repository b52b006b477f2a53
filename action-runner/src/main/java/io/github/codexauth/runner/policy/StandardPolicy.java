package io.github.codexauth.runner.policy;

import io.github.codexauth.runner.platform.Platforms;
import io.github.codexauth.trust.Evidence;
import io.github.codexauth.trust.Pins;
import io.github.codexauth.trust.RunnerKind;
import io.github.codexauth.trust.TrustPolicy;
import io.github.codexauth.trust.TrustRule;
import io.github.codexauth.trust.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What holds where no operator has said anything: a self-hosted runner of a private or internal repository, the
 * repository's own change and no bot's, a harmless event.
 *
 * <p>These are facts that the job itself declares and could forge. The rule exists because such a job can reach the
 * secret it was handed anyway: it prevents accidents, not attacks.
 */
final class StandardPolicy {
    private static final Policy POLICY =
            new Policy(new TrustPolicy("the default policy", Optional.empty(), rules(), Map.of(), false), true);

    private StandardPolicy() {}

    static Policy policy() {
        return POLICY;
    }

    static List<Visibility> visibility() {
        return List.of(Visibility.PRIVATE, Visibility.INTERNAL);
    }

    static List<RunnerKind> runners() {
        return List.of(RunnerKind.SELF_HOSTED);
    }

    private static List<TrustRule> rules() {
        List<TrustRule> rules = new ArrayList<>();
        for (String platform : Platforms.fittingTheDefaultPolicy()) {
            rules.add(rule(platform));
        }
        return rules;
    }

    private static TrustRule rule(String platform) {
        return new TrustRule(
                platform,
                Optional.empty(),
                Pins.NONE,
                Optional.of(visibility()),
                Optional.of(runners()),
                Optional.of(Platforms.harmlessEvents(platform)),
                Optional.empty(),
                false,
                Optional.of(List.of()),
                Evidence.DECLARED);
    }
}
