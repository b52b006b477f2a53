package io.github.codexauth.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.codexauth.CredentialId;
import io.github.codexauth.SignInMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrustPolicyTest {
    private static final CredentialId CI = new CredentialId("ci");
    private static final CredentialRequest REQUEST = new CredentialRequest(SignInMode.MANAGED, List.of(CI));

    private static final JobFacts GOOD = JobFacts.unknown("github", "acme/app run 1")
            .withRepository(Optional.of(Fact.declared("acme/app", "REPO")))
            .withVisibility(Optional.of(Fact.declared(Visibility.PRIVATE, "VISIBILITY")))
            .withOutside(Optional.of(Fact.declared(false, "FORK")))
            .withRunner(Optional.of(Fact.declared(RunnerKind.SELF_HOSTED, "RUNNER")))
            .withEvent(Optional.of(Fact.declared("push", "EVENT")))
            .withRef(Optional.of(Fact.declared("refs/heads/main", "REF")))
            .withRefProtected(Optional.of(Fact.declared(true, "PROTECTED")));

    private final TrustRule rule = rule(Evidence.DECLARED);
    private final TrustPolicy policy = policy(rule);

    @Test
    void aJobThatMeetsEveryConditionIsTrustedAndTheEvidenceIsNamed() {
        TrustDecision decision = policy.judge(GOOD, REQUEST);

        assertThat(decision).isInstanceOfSatisfying(TrustDecision.Trusted.class, trusted -> {
            trusted.require(CI);
            assertThat(trusted.evidence()).contains("the event: push (EVENT)");
            assertThatIllegalStateException().isThrownBy(() -> trusted.require(new CredentialId("other")));
        });
    }

    @Test
    void unknownMeansRefusedForEachFactByItself() {
        assertRefused(GOOD.withRepository(Optional.empty()), "the repository is not known");
        assertRefused(GOOD.withVisibility(Optional.empty()), "the repository's visibility is not known");
        assertRefused(GOOD.withOutside(Optional.empty()), "whether the change comes from outside");
        assertRefused(GOOD.withRunner(Optional.empty()), "the kind of runner is not known");
        assertRefused(GOOD.withEvent(Optional.empty()), "the event is not known");
        assertRefused(GOOD.withRef(Optional.empty()), "the ref is not known");
        assertRefused(GOOD.withRefProtected(Optional.empty()), "whether the ref is protected is not known");
    }

    @Test
    void eachFactCanRefuseByItself() {
        assertRefused(GOOD.withRepository(Optional.of(Fact.declared("evil/app", "R"))), "evil/app (R)");
        assertRefused(GOOD.withVisibility(Optional.of(Fact.declared(Visibility.PUBLIC, "V"))), "public (V)");
        assertRefused(GOOD.withOutside(Optional.of(Fact.declared(true, "F"))), "comes from outside");
        assertRefused(GOOD.withRunner(Optional.of(Fact.declared(RunnerKind.SHARED, "K"))), "shared (K)");
        assertRefused(
                GOOD.withEvent(Optional.of(Fact.declared("pull_request_target", "E"))), "pull_request_target (E)");
        assertRefused(GOOD.withRef(Optional.of(Fact.declared("refs/heads/other", "X"))), "refs/heads/other (X)");
        assertRefused(GOOD.withRefProtected(Optional.of(Fact.declared(false, "P"))), "whether the ref is protected");
        assertRefused(GOOD.withOtherCredentials(List.of("CODEX_API_KEY")), "another credential for Codex");
        assertRefused(GOOD.withObstacles(List.of(new Refusal("an obstacle", "a fix"))), "an obstacle");
    }

    @Test
    void allReasonsAreListedNotOnlyTheFirst() {
        JobFacts bad = GOOD.withVisibility(Optional.of(Fact.declared(Visibility.PUBLIC, "V")))
                .withEvent(Optional.of(Fact.declared("issue_comment", "E")))
                .withRunner(Optional.empty());

        assertThat(policy.judge(bad, REQUEST))
                .isInstanceOfSatisfying(
                        TrustDecision.Refused.class,
                        refused -> assertThat(refused.reasons())
                                .hasSize(3)
                                .allSatisfy(reason -> assertThat(reason.fix()).isNotBlank()));
    }

    @Test
    void aRuleForAnotherPlatformDoesNotFit() {
        assertThat(policy.judge(JobFacts.unknown("none", "a command"), REQUEST))
                .isInstanceOf(TrustDecision.Refused.class);
        assertThat(policy.judge(JobFacts.unknown("gitlab", "a job"), REQUEST))
                .isInstanceOf(TrustDecision.Refused.class);
    }

    @Test
    void declaredFactsCannotAllowWhereASignatureIsRequired() {
        TrustPolicy strict = policy(rule(Evidence.SIGNED));

        assertThat(strict.judge(GOOD, REQUEST))
                .isInstanceOfSatisfying(
                        TrustDecision.Refused.class,
                        refused -> assertThat(refused.reasons())
                                .hasSize(7)
                                .allSatisfy(reason -> assertThat(reason.found()).contains("is only declared")));
    }

    @Test
    void aCredentialIsSharedOnlyWhereTheOperatorSaysSo() {
        CredentialRequest shared = new CredentialRequest(SignInMode.MANAGED, List.of(CI), true);
        TrustPolicy silent = policy(rule);
        TrustPolicy allowing = new TrustPolicy(
                "test",
                Optional.empty(),
                List.of(rule),
                Map.of(CI, new CredentialTerms(Optional.empty(), true)),
                false);

        assertThat(allowing.judge(GOOD, shared)).isInstanceOf(TrustDecision.Trusted.class);
        assertThat(allowing.judge(GOOD, REQUEST)).isInstanceOf(TrustDecision.Trusted.class);
        assertThat(silent.judge(GOOD, REQUEST)).isInstanceOf(TrustDecision.Trusted.class);
        assertThat(silent.judge(GOOD, shared))
                .isInstanceOfSatisfying(
                        TrustDecision.Refused.class,
                        refused -> assertThat(refused.reasons()).singleElement().satisfies(reason -> {
                            assertThat(reason.found()).contains("several jobs at once may use credential 'ci'");
                            assertThat(reason.fix()).contains("credentials: {ci: {shared: true}}");
                        }));
    }

    @Test
    void aVerdictOnAJobAloneIsNoProofForOneThatShares() {
        TrustPolicy allowing = new TrustPolicy(
                "test",
                Optional.empty(),
                List.of(rule),
                Map.of(CI, new CredentialTerms(Optional.empty(), true)),
                false);
        TrustDecision shared = allowing.judge(GOOD, new CredentialRequest(SignInMode.MANAGED, List.of(CI), true));

        assertThat(shared.and(policy(rule).judge(GOOD, new CredentialRequest(SignInMode.MANAGED, List.of(CI), true))))
                .isInstanceOf(TrustDecision.Refused.class);
    }

    @Test
    void aCredentialCanBeNarrowedToRepositories() {
        TrustPolicy narrowed = new TrustPolicy(
                "test",
                Optional.empty(),
                List.of(rule),
                Map.of(CI, new CredentialTerms(Optional.of(List.of(NamePattern.of("acme/other"))), false)),
                false);

        assertThat(narrowed.judge(GOOD, REQUEST)).isInstanceOf(TrustDecision.Refused.class);
        assertThat(narrowed.judge(GOOD, new CredentialRequest(SignInMode.MANAGED, List.of(new CredentialId("free")))))
                .isInstanceOf(TrustDecision.Trusted.class);
    }

    @Test
    void theFirstRuleThatFitsDecidesWhateverTheOthersSay() {
        TrustRule publicOnly = new TrustRule(
                "github",
                Optional.empty(),
                Pins.NONE,
                Optional.of(List.of(Visibility.PUBLIC)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                Optional.empty(),
                Evidence.DECLARED);

        assertThat(new TrustPolicy("test", Optional.empty(), List.of(publicOnly, rule), Map.of(), false)
                        .judge(GOOD, REQUEST))
                .isInstanceOf(TrustDecision.Trusted.class);
    }

    @Test
    void aStarStopsAtASlash() {
        NamePattern pattern = NamePattern.of("acme/*");

        assertThat(pattern.matches("acme/app")).isTrue();
        assertThat(pattern.matches("ACME/App")).isTrue();
        assertThat(pattern.matches("acme/app/sub")).isFalse();
        assertThat(pattern.matches("acmeXapp")).isFalse();
        assertThat(NamePattern.of("acme/**").matches("acme/app/sub")).isTrue();
        assertThat(NamePattern.of("a.c").matches("abc")).isFalse();
    }

    @Test
    void lettersThatOnlyUnicodeTakesForOthersMakeAnotherName() {
        NamePattern pattern = NamePattern.of("acme/kiss-it");

        assertThat(pattern.matches("ACME/KISS-IT")).isTrue();
        assertThat(pattern.matches("acme/ki\u017f\u017f-it")).as("long s").isFalse();
        assertThat(pattern.matches("acme/\u212aiss-it")).as("Kelvin sign").isFalse();
        assertThat(pattern.matches("acme/k\u0131ss-it")).as("dotless i").isFalse();
        assertThat(pattern.matches("acme/K\u0130SS-it")).as("dotted I").isFalse();
        assertThat(NamePattern.of("acme/*").matches("acme/app\nmallory")).isFalse();
        assertThat(AsciiCase.same("acme/Kiss", "ACME/kiss")).isTrue();
        assertThat(AsciiCase.same("acme/kiss", "acme/\u212ai\u017f\u017f")).isFalse();
    }

    @Test
    void aNameThatWasRegisteredAnewHasAnotherNumber() {
        TrustPolicy pinned = policy(rule(
                new Pins(List.of("1296269"), List.of("9919"), List.of()), Optional.of(List.of()), Evidence.DECLARED));
        JobFacts original = GOOD.withBots(Optional.of(Fact.declared(Bots.NONE, "ACTOR")))
                .withRepositoryId(Optional.of(Fact.declared("1296269", "ID")))
                .withOwnerId(Optional.of(Fact.declared("9919", "OWNER_ID")));

        assertThat(pinned.judge(original, REQUEST)).isInstanceOf(TrustDecision.Trusted.class);
        assertRefused(
                pinned,
                original.withRepositoryId(Optional.of(Fact.declared("5", "ID"))),
                "the repository's id: 5 (ID)");
        assertRefused(
                pinned,
                original.withOwnerId(Optional.of(Fact.declared("6", "OWNER_ID"))),
                "the id of the repository's owner: 6 (OWNER_ID)");
        assertRefused(pinned, original.withRepositoryId(Optional.empty()), "the repository's id is not known");
    }

    @Test
    void anotherServersSignatureDoesNotCountInARuleThatNamesItsOwn() {
        TrustRule own = new TrustRule(
                "github",
                Optional.empty(),
                new Pins(List.of(), List.of(), List.of("https://gitlab.example.com")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                Optional.empty(),
                Evidence.SIGNED);

        assertThat(policy(own)
                        .judge(
                                GOOD.withSignature(new Signature("https://gitlab.example.com", Optional.empty())),
                                REQUEST))
                .isInstanceOf(TrustDecision.Trusted.class);
        assertRefused(
                policy(own),
                GOOD.withSignature(new Signature("https://gitlab.com", Optional.empty())),
                "who signed the job's token: https://gitlab.com");
        assertRefused(policy(own), GOOD, "who signed the job's token is not known");
    }

    @Test
    void aBotsChangeIsRefusedUnlessTheRuleNamesEachBot() {
        JobFacts byBots =
                GOOD.withBots(Optional.of(Fact.declared(new Bots(List.of("dependabot[bot]", "renovate")), "B")));
        TrustPolicy none = policy(rule(Pins.NONE, Optional.of(List.of()), Evidence.DECLARED));
        TrustPolicy one = policy(rule(Pins.NONE, Optional.of(List.of("Dependabot")), Evidence.DECLARED));
        TrustPolicy both =
                policy(rule(Pins.NONE, Optional.of(List.of("dependabot", "renovate[bot]")), Evidence.DECLARED));

        assertRefused(none, byBots, "bots that the change comes from: dependabot[bot], renovate (B)");
        assertRefused(none, GOOD, "bots that the change comes from is not known");
        assertRefused(one, byBots, "dependabot[bot], renovate (B)");
        assertThat(both.judge(byBots, REQUEST)).isInstanceOf(TrustDecision.Trusted.class);
    }

    @Test
    void ofTwoPoliciesEachCanRefuseAndNoneCanAllowAlone() {
        TrustDecision trusted = policy.judge(GOOD, REQUEST);
        TrustDecision refused = policy.judge(GOOD.withEvent(Optional.empty()), REQUEST);
        TrustDecision alsoRefused = policy.judge(GOOD.withRef(Optional.empty()), REQUEST);

        assertThat(trusted.and(policy.judge(GOOD, REQUEST)))
                .isInstanceOfSatisfying(TrustDecision.Trusted.class, both -> both.require(CI));
        assertThat(trusted.and(refused)).isEqualTo(refused);
        assertThat(refused.and(trusted)).isEqualTo(refused);
        assertThat(refused.and(alsoRefused))
                .isInstanceOfSatisfying(
                        TrustDecision.Refused.class,
                        both -> assertThat(both.reasons()).hasSize(2));
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> trusted.and(policy.judge(GOOD, new CredentialRequest(SignInMode.MANAGED, List.of()))));
    }

    @Test
    void refsAreTheSameOnlyInTheSameLetters() {
        // Git tells them apart, so whoever may push can make the other one.
        assertRefused(GOOD.withRef(Optional.of(Fact.declared("refs/heads/Main", "REF"))), "refs/heads/Main (REF)");
    }

    @Test
    void anUnprotectedRefWillDoOnlyWhereTheRuleSaysSo() {
        JobFacts unprotected = GOOD.withRefProtected(Optional.of(Fact.declared(false, "P")));
        TrustRule relaxed = new TrustRule(
                "github",
                Optional.empty(),
                Pins.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new RefCondition(List.of(NamePattern.ofRef("refs/heads/main")), true)),
                false,
                Optional.empty(),
                Evidence.DECLARED);

        assertThat(policy(relaxed).judge(unprotected, REQUEST)).isInstanceOf(TrustDecision.Trusted.class);
    }

    @Test
    void aRepositoryThatIsOnlyDeclaredDoesNotNarrowACredentialWhereASignatureIsRequired() {
        TrustRule anything = TrustRule.withoutConditions("github", Evidence.SIGNED);
        TrustPolicy narrowed = new TrustPolicy(
                "test",
                Optional.empty(),
                List.of(anything),
                Map.of(CI, new CredentialTerms(Optional.of(List.of(NamePattern.of("acme/app"))), false)),
                false);

        assertThat(narrowed.judge(GOOD, REQUEST))
                .isInstanceOfSatisfying(
                        TrustDecision.Refused.class,
                        refused -> assertThat(refused.reasons())
                                .singleElement()
                                .satisfies(only -> assertThat(only.found()).contains("only declared")));
        assertThat(narrowed.judge(GOOD.withRepository(Optional.of(Fact.signed("acme/app", "token"))), REQUEST))
                .isInstanceOf(TrustDecision.Trusted.class);
    }

    @Test
    void textFromOutsideIsQuotedOnOneLine() {
        Fact<String> fact = Fact.declared("x\n::error::y\u202e\u2028" + "z".repeat(500), "EVENT\n");

        assertThat(fact.toString()).doesNotContain("\n", "\u202e", "\u2028").hasSizeLessThan(200);
    }

    private void assertRefused(JobFacts facts, String reason) {
        assertRefused(policy, facts, reason);
    }

    private static void assertRefused(TrustPolicy policy, JobFacts facts, String reason) {
        assertThat(policy.judge(facts, REQUEST))
                .isInstanceOfSatisfying(
                        TrustDecision.Refused.class,
                        refused -> assertThat(refused.reasons())
                                .singleElement()
                                .satisfies(only -> assertThat(only.found()).contains(reason)));
    }

    private static TrustPolicy policy(TrustRule rule) {
        return new TrustPolicy("test", Optional.empty(), List.of(rule), Map.of(), false);
    }

    private static TrustRule rule(Evidence required) {
        return rule(Pins.NONE, Optional.empty(), required);
    }

    private static TrustRule rule(Pins pins, Optional<List<String>> bots, Evidence required) {
        return new TrustRule(
                "github",
                Optional.of(List.of(NamePattern.of("acme/*"))),
                pins,
                Optional.of(List.of(Visibility.PRIVATE)),
                Optional.of(List.of(RunnerKind.SELF_HOSTED)),
                Optional.of(List.of("push")),
                Optional.of(new RefCondition(List.of(NamePattern.ofRef("refs/heads/main")), false)),
                false,
                bots,
                required);
    }
}
