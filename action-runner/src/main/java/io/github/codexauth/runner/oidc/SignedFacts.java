package io.github.codexauth.runner.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import io.github.codexauth.runner.network.Authorities;
import io.github.codexauth.runner.platform.BotSigns;
import io.github.codexauth.runner.platform.Names;
import io.github.codexauth.trust.Bots;
import io.github.codexauth.trust.Fact;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.Refusal;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Replaces what a job declares by what its CI system has signed. */
public final class SignedFacts {
    /**
     * Events at which a token means that the change is the repository's own: GitHub gives the workflows of forks none, and
     * GitLab runs the pipelines of forks in the fork.
     */
    private static final Set<String> OWN_CHANGES =
            Set.of("push", "schedule", "workflow_dispatch", "merge_group", "pull_request", "web");

    private final Map<String, String> environment;
    private final Clock clock;
    private final List<URI> issuers;
    private final Authorities authorities;

    /**
     * @param issuers whose word the operator's rules for this CI system take
     * @param authorities whose certificates an issuer's server may show; nothing that the job could have chosen
     */
    public SignedFacts(Map<String, String> environment, Clock clock, List<URI> issuers, Authorities authorities) {
        this.environment = environment;
        this.clock = clock;
        this.issuers = List.copyOf(issuers);
        this.authorities = authorities;
    }

    /** The facts with every one signed that the token covers; with an obstacle if there is no token that proves anything. */
    public JobFacts prove(JobFacts declared) {
        try {
            Http http = new Http(environment, authorities);
            String token = IdToken.of(declared.platform(), environment, http);
            TokenTerms terms = TokenTerms.of(declared.platform());
            JWTClaimsSet claims = new TokenVerifier(issuers, http, clock).verify(token, terms.maximumAge());
            terms.requireThisRun(claims, environment);
            return merge(declared, claims).withSignature(terms.signature(claims));
        } catch (UnprovenException e) {
            return withObstacle(
                    declared,
                    "the policy requires signed facts, and " + e.reason(),
                    "give the job a token: 'permissions: id-token: write' on GitHub, on GitLab"
                            + " 'id_tokens: {CODEX_AUTH_ID_TOKEN: {aud: " + IdToken.AUDIENCE + "}}'");
        }
    }

    private JobFacts merge(JobFacts declared, JWTClaimsSet claims) {
        boolean github = declared.platform().equals("github");
        Optional<Fact<String>> event = claim(claims, github ? "event_name" : "pipeline_source", Optional::of);
        JobFacts signed = declared.withRepository(claim(claims, github ? "repository" : "project_path", Optional::of))
                .withRepositoryId(claim(claims, github ? "repository_id" : "project_id", Optional::of))
                .withOwnerId(claim(claims, github ? "repository_owner_id" : "namespace_id", Optional::of))
                .withVisibility(
                        claim(claims, github ? "repository_visibility" : "project_visibility", Names::visibility))
                .withRunner(claim(claims, "runner_environment", Names::runner))
                .withEvent(event)
                .withRef(github ? claim(claims, "ref", Optional::of) : gitlabRef(claims))
                .withRefProtected(claim(claims, "ref_protected", Names::yesOrNo))
                .withOutside(outside(declared, event))
                .withBots(bots(declared, claims));
        return contradictions(declared, signed);
    }

    /** A declared "from outside" still denies; only "not from outside" needs the signature. */
    private static Optional<Fact<Boolean>> outside(JobFacts declared, Optional<Fact<String>> event) {
        boolean declaredOutside = declared.outside().map(Fact::value).orElse(false);
        if (!declaredOutside
                && event.filter(fact -> OWN_CHANGES.contains(fact.value())).isPresent()) {
            return event.map(fact -> Fact.signed(false, "signed token for event " + fact.value()));
        }
        return declared.outside();
    }

    /**
     * Declared bots together with signed ones. No token names the author of a pull request, so a payload that names none has
     * to be believed; who started the job, and from which branch, is signed.
     */
    private static Optional<Fact<Bots>> bots(JobFacts declared, JWTClaimsSet claims) {
        boolean github = declared.platform().equals("github");
        Optional<Fact<String>> starter = claim(claims, github ? "actor" : "user_login", Optional::of);
        if (declared.bots().isEmpty() || starter.isEmpty()) {
            return declared.bots();
        }
        boolean scheduled = TokenTerms.text(claims, github ? "event_name" : "pipeline_source")
                .filter("schedule"::equals)
                .isPresent();
        return new BotSigns()
                .whoeverStarted(starter.get().source())
                .starter(scheduled ? Optional.empty() : starter)
                .branch(claim(claims, "head_ref", Optional::of))
                .branch(claim(claims, "ref", Optional::of))
                .fact()
                .map(signed -> Fact.signed(
                        declared.bots().get().value().and(signed.value()),
                        starter.get().source()));
    }

    private static JobFacts contradictions(JobFacts declared, JobFacts signed) {
        JobFacts result = signed;
        result = contradiction(result, "repository", declared.repository(), signed.repository());
        result = contradiction(result, "repository's id", declared.repositoryId(), signed.repositoryId());
        result = contradiction(result, "owner's id", declared.ownerId(), signed.ownerId());
        result = contradiction(result, "visibility", declared.visibility(), signed.visibility());
        result = contradiction(result, "event", declared.event(), signed.event());
        result = contradiction(result, "protection of the ref", declared.refProtected(), signed.refProtected());
        return contradiction(result, "ref", declared.ref(), signed.ref());
    }

    private static <T> JobFacts contradiction(
            JobFacts facts, String subject, Optional<Fact<T>> declared, Optional<Fact<T>> signed) {
        if (declared.isEmpty()
                || signed.isEmpty()
                || declared.get().value().equals(signed.get().value())) {
            return facts;
        }
        return withObstacle(
                facts,
                "the job declares another " + subject + ", " + declared.get() + ", than its token proves, "
                        + signed.get(),
                "leave the variables as the runner sets them");
    }

    private static JobFacts withObstacle(JobFacts facts, String found, String fix) {
        return facts.withObstacle(new Refusal(found, fix));
    }

    private static Optional<Fact<String>> gitlabRef(JWTClaimsSet claims) {
        // Servers before GitLab 16.0 know no ref_path. Source: docs.gitlab.com, "OpenID Connect (OIDC) Authentication
        // Using ID Tokens".
        Optional<Fact<String>> whole = claim(claims, "ref_path", Optional::of);
        if (whole.isPresent()) {
            return whole;
        }
        String folder =
                TokenTerms.text(claims, "ref_type").filter("tag"::equals).isPresent() ? "refs/tags/" : "refs/heads/";
        return claim(claims, "ref", name -> Optional.of(folder + name));
    }

    private static <T> Optional<Fact<T>> claim(
            JWTClaimsSet claims, String name, Function<String, Optional<T>> meaning) {
        return TokenTerms.text(claims, name).flatMap(meaning).map(value -> Fact.signed(value, "signed token: " + name));
    }
}
