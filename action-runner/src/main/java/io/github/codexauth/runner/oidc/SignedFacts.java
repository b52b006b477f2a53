package io.github.codexauth.runner.oidc;

import io.github.codexauth.runner.network.Authorities;
import io.github.codexauth.runner.platform.BotSigns;
import io.github.codexauth.runner.platform.Claims;
import io.github.codexauth.runner.platform.Platforms;
import io.github.codexauth.runner.platform.SignedTokens;
import io.github.codexauth.runner.platform.TokenTerms;
import io.github.codexauth.trust.Bots;
import io.github.codexauth.trust.Fact;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.Refusal;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Replaces what a job declares by what its CI system has signed. */
public final class SignedFacts {
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

    /**
     * The facts with every one signed that the token covers; with an obstacle if there is no token that proves
     * anything.
     */
    public JobFacts prove(JobFacts declared) {
        Optional<SignedTokens> tokens = Platforms.tokens(declared.platform());
        if (tokens.isEmpty()) {
            return unproven(
                    declared,
                    declared.platform() + " gives its jobs no signed token that is understood here",
                    "let the policy ask no more of such jobs than they can show: require: declared");
        }
        try {
            return prove(tokens.get(), declared);
        } catch (UnprovenException e) {
            return unproven(
                    declared,
                    e.reason(),
                    "give the job a token: " + tokens.get().howToGet(IdToken.AUDIENCE));
        }
    }

    private JobFacts prove(SignedTokens tokens, JobFacts declared) throws UnprovenException {
        Http http = new Http(environment, authorities);
        String token = IdToken.from(tokens.find(environment, IdToken.AUDIENCE), http);
        TokenTerms terms = tokens.terms();
        TokenClaims claims = new TokenVerifier(issuers, http, clock).verify(token, terms.maximumAge());
        claims.requireThisRun(terms, environment);
        return merge(tokens, declared, claims).withSignature(claims.signature(terms));
    }

    private static JobFacts unproven(JobFacts declared, String reason, String fix) {
        return withObstacle(declared, "the policy requires signed facts, and " + reason, fix);
    }

    private static JobFacts merge(SignedTokens tokens, JobFacts declared, Claims claims) {
        JobFacts signed = tokens.signed(declared, claims);
        return contradictions(
                declared,
                signed.withOutside(outside(tokens, declared, signed.event()))
                        .withBots(bots(tokens, declared, signed.event(), claims)));
    }

    /** A declared "from outside" still denies; only "not from outside" needs the signature. */
    private static Optional<Fact<Boolean>> outside(
            SignedTokens tokens, JobFacts declared, Optional<Fact<String>> event) {
        boolean declaredOutside = declared.outside().map(Fact::value).orElse(false);
        if (!declaredOutside
                && event.filter(fact -> tokens.ownChanges().contains(fact.value()))
                        .isPresent()) {
            return event.map(fact -> Fact.signed(false, "signed token for event " + fact.value()));
        }
        return declared.outside();
    }

    /**
     * Declared bots together with signed ones. No token names the author of a pull request, so a payload that names
     * none has to be believed; who started the job, and from which branch, is signed.
     */
    private static Optional<Fact<Bots>> bots(
            SignedTokens tokens, JobFacts declared, Optional<Fact<String>> event, Claims claims) {
        Optional<Fact<String>> starter = tokens.starter(claims);
        if (declared.bots().isEmpty() || starter.isEmpty()) {
            return declared.bots();
        }
        boolean scheduled =
                event.filter(fact -> fact.value().equals("schedule")).isPresent();
        return new BotSigns()
                .whoeverStarted(starter.get().source())
                .starter(scheduled ? Optional.empty() : starter)
                .branch(claims.fact("head_ref"))
                .branch(claims.fact("ref"))
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
}
