package io.github.codexauth.runner.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.github.codexauth.runner.network.Authorities;
import io.github.codexauth.trust.Bots;
import io.github.codexauth.trust.Evidence;
import io.github.codexauth.trust.Fact;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.Refusal;
import io.github.codexauth.trust.Signature;
import io.github.codexauth.trust.Visibility;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens of an issuer of our own, with an OpenID configuration and keys on loopback. */
class SignedFactsTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private final JobFacts declared = JobFacts.unknown("github", "acme/app run 4711")
            .withRepository(Optional.of(Fact.declared("acme/app", "GITHUB_REPOSITORY")))
            .withEvent(Optional.of(Fact.declared("push", "GITHUB_EVENT_NAME")))
            .withOutside(Optional.of(Fact.declared(false, "payload")))
            .withBots(Optional.of(Fact.declared(Bots.NONE, "GITHUB_ACTOR")));

    private RSAKey key;
    private HttpServer issuer;
    private String url;
    private volatile String token = "";

    @BeforeEach
    void startIssuer() throws Exception {
        key = new RSAKeyGenerator(2048).keyID("k1").generate();
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        url = "http://127.0.0.1:" + issuer.getAddress().getPort();
        answer("/.well-known/openid-configuration", () -> "{\"jwks_uri\":\"" + url + "/keys\"}");
        answer("/keys", () -> new JWKSet(key.toPublicJWK()).toString());
        answer("/token", () -> "{\"value\":\"" + token + "\"}");
        issuer.start();
        token = sign(claims(builder -> builder), key);
    }

    @AfterEach
    void stop() {
        issuer.stop(0);
    }

    @Test
    void aGenuineTokenTurnsDeclaredFactsIntoSignedOnes() {
        JobFacts facts = prove();

        assertThat(facts.obstacles()).isEmpty();
        assertThat(facts.repository().orElseThrow().evidence()).isEqualTo(Evidence.SIGNED);
        assertThat(facts.visibility()).contains(Fact.signed(Visibility.PRIVATE, "signed token: repository_visibility"));
        assertThat(facts.runner().orElseThrow().evidence()).isEqualTo(Evidence.SIGNED);
        assertThat(facts.ref().orElseThrow().value()).isEqualTo("refs/heads/main");
        assertThat(facts.outside().orElseThrow()).satisfies(outside -> {
            assertThat(outside.value()).isFalse();
            assertThat(outside.evidence()).isEqualTo(Evidence.SIGNED);
        });
    }

    @Test
    void aTokenThatIsNotGenuineProvesNothing() throws Exception {
        RSAKey other = new RSAKeyGenerator(2048).keyID("k1").generate();
        assertUnproven(sign(claims(builder -> builder), other), "not genuine");
        assertUnproven(new PlainJWT(claims(builder -> builder)).serialize(), "cannot be read");
        assertUnproven(token.substring(0, token.length() - 4) + "AAAA", "the token ");
        assertUnproven("no token", "cannot be read");
        assertUnproven("x".repeat(20_000), "longer than any token");
        SignedJWT hmac = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(), claims(builder -> builder));
        hmac.sign(new MACSigner(key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));
        assertUnproven(hmac.serialize(), "the token ");
    }

    @Test
    void aTokenForSomebodyElseOrAnotherTimeProvesNothing() throws Exception {
        assertUnproven(sign(claims(builder -> builder.audience("sts.amazonaws.com")), key), "not for 'codex-auth'");
        assertUnproven(
                sign(claims(builder -> builder.expirationTime(Date.from(NOW.minusSeconds(120)))), key), "or over");
        assertUnproven(sign(claims(builder -> builder.notBeforeTime(Date.from(NOW.plusSeconds(600)))), key), "or over");
        assertUnproven(sign(claims(builder -> builder.issuer("https://evil.example")), key), "issuer is not one");
        assertUnproven(sign(claims(builder -> builder.claim("run_id", "999")), key), "belongs to another job");
    }

    @Test
    void aTokenOfAnotherRunOrAttemptProvesNothingAlsoWhereNeitherSideNamesARun() throws Exception {
        assertUnproven(sign(claims(builder -> builder.claim("run_attempt", "2")), key), "than GITHUB_RUN_ATTEMPT says");
        assertUnproven(
                sign(claims(builder -> builder.claim("run_attempt", null)), key), "than GITHUB_RUN_ATTEMPT says");
        token = sign(claims(builder -> builder.claim("run_id", null)), key);
        Map<String, String> environment = environment();
        environment.remove("GITHUB_RUN_ID");

        assertThat(prover(environment).prove(declared).obstacles())
                .singleElement()
                .satisfies(obstacle -> assertThat(obstacle.found()).contains("than GITHUB_RUN_ID says"));
    }

    @Test
    void aTokenThatIsOlderThanARunsOwnCanBeProvesNothingHoweverLongItLasts() throws Exception {
        assertUnproven(
                sign(
                        claims(builder -> builder.issueTime(Date.from(NOW.minus(Duration.ofMinutes(7))))
                                .expirationTime(Date.from(NOW.plus(Duration.ofDays(300))))),
                        key),
                "which is more than 5 min ago");
        assertUnproven(
                sign(
                        claims(builder -> builder.issueTime(Date.from(NOW.plus(Duration.ofMinutes(2))))
                                .expirationTime(Date.from(NOW.plus(Duration.ofDays(300))))),
                        key),
                "or yet to come");
    }

    @Test
    void gitlabsOneTokenServesItsJobForAsLongAsAJobLastsAndCountsEachTime() throws Exception {
        JobFacts gitlab = JobFacts.unknown("gitlab", "acme/app job 1")
                .withBots(Optional.of(Fact.declared(Bots.NONE, "GITLAB_USER_LOGIN")));
        Map<String, String> environment = new HashMap<>(Map.of("CI_JOB_ID", "1", "CI_PIPELINE_ID", "2"));
        environment.put("CODEX_AUTH_ID_TOKEN", gitlabToken(Duration.ofHours(2)));
        SignedFacts hours = prover(environment);
        assertThat(hours.prove(gitlab)).satisfies(facts -> {
            assertThat(facts.obstacles()).isEmpty();
            assertThat(facts.repositoryId()).contains(Fact.signed("7", "signed token: project_id"));
            assertThat(facts.ownerId()).contains(Fact.signed("3", "signed token: namespace_id"));
            assertThat(facts.signature()).contains(new Signature(url, Optional.empty()));
        });

        environment.put("CODEX_AUTH_ID_TOKEN", gitlabToken(Duration.ofHours(4)));
        assertThat(prover(environment).prove(gitlab).obstacles()).hasSize(1);
        environment.put("CODEX_AUTH_ID_TOKEN", gitlabToken(Duration.ofHours(1)));
        environment.put("CI_PIPELINE_ID", "3");
        assertThat(prover(environment).prove(gitlab).obstacles())
                .singleElement()
                .satisfies(obstacle -> assertThat(obstacle.found()).contains("than CI_PIPELINE_ID says"));
    }

    private String gitlabToken(Duration age) throws JOSEException {
        return sign(
                claims(builder -> builder.issueTime(Date.from(NOW.minus(age)))
                        .claim("job_id", "1")
                        .claim("pipeline_id", "2")
                        .claim("project_id", "7")
                        .claim("namespace_id", "3")
                        .claim("user_login", "octo")),
                key);
    }

    @Test
    void githubsTokenCountsOnceAndIsKnownByItsId() throws Exception {
        Signature first = prove().signature().orElseThrow();
        Signature same = prove().signature().orElseThrow();
        token = sign(claims(builder -> builder.jwtID("b34d9a3b-2")), key);
        Signature other = prove().signature().orElseThrow();

        assertThat(first.oneTimeToken()).isPresent().isEqualTo(same.oneTimeToken());
        assertThat(other.oneTimeToken()).isPresent().isNotEqualTo(first.oneTimeToken());
        assertUnproven(sign(claims(builder -> builder.jwtID(null)), key), "has no id (jti)");
    }

    @Test
    void anIdOfTheRepositoryIsSignedAndOneThatIsDeclaredOtherwiseIsAnObstacle() {
        assertThat(prove().repositoryId()).contains(Fact.signed("1296269", "signed token: repository_id"));
        assertThat(prove().ownerId()).contains(Fact.signed("9919", "signed token: repository_owner_id"));
        assertThat(prover(environment())
                        .prove(declared.withRepositoryId(Optional.of(Fact.declared("5", "GITHUB_REPOSITORY_ID"))))
                        .obstacles())
                .singleElement()
                .satisfies(obstacle -> assertThat(obstacle.found()).contains("declares another repository's id"));
    }

    @Test
    void aBotIsFoundInTheTokenAsWellAndADeclaredOneStays() throws Exception {
        assertThat(prove().bots()).contains(Fact.signed(Bots.NONE, "signed token: actor"));
        token = sign(claims(builder -> builder.claim("actor", "dependabot[bot]")), key);
        assertThat(prove().bots().map(Fact::value)).contains(new Bots(List.of("dependabot[bot]")));
        token = sign(claims(builder -> builder.claim("head_ref", "renovate/jackson-2.x")), key);
        assertThat(prove().bots().map(Fact::value)).contains(new Bots(List.of("renovate")));
        token = sign(claims(builder -> builder), key);
        Bots author = new Bots(List.of("depfu[bot]"));
        assertThat(prover(environment())
                        .prove(declared.withBots(Optional.of(Fact.declared(author, "payload"))))
                        .bots()
                        .map(Fact::value))
                .contains(author);
    }

    @Test
    void whatTheJobDeclaresOtherwiseThanItsTokenIsAnObstacle() throws Exception {
        assertUnproven(
                sign(claims(builder -> builder.claim("repository", "acme/other")), key), "declares another repository");
    }

    @Test
    void aChangeThatIsDeclaredToComeFromOutsideStaysSo() {
        JobFacts facts = prover(environment()).prove(declared.withOutside(Optional.of(Fact.declared(true, "payload"))));

        assertThat(facts.outside().map(Fact::value)).contains(true);
    }

    @Test
    void anEventThatBringsStrangersInputProvesNothingAboutTheChange() throws Exception {
        token = sign(claims(builder -> builder.claim("event_name", "pull_request_target")), key);

        assertThat(prove().outside().orElseThrow().evidence()).isEqualTo(Evidence.DECLARED);
    }

    @Test
    void aJobWithoutATokenIsTold() {
        JobFacts facts = new SignedFacts(
                        Map.of("GITHUB_RUN_ID", "4711"), clock(), List.of(URI.create(url)), Authorities.USUAL)
                .prove(declared);

        assertThat(facts.obstacles())
                .extracting(Refusal::found)
                .first()
                .asString()
                .contains("no permission 'id-token: write'");
        assertThat(facts.obstacles())
                .extracting(Refusal::fix)
                .first()
                .asString()
                .contains("id-token: write");
    }

    @Test
    void aJobOfASystemWhoseTokensNobodyHereUnderstandsIsNotSentForOne() {
        JobFacts facts = prover(environment()).prove(JobFacts.unknown("buildkite", "a pipeline"));

        assertThat(facts.obstacles()).singleElement().satisfies(obstacle -> {
            assertThat(obstacle.found()).endsWith("buildkite gives its jobs no signed token that is understood here");
            assertThat(obstacle.fix()).endsWith("require: declared");
        });
    }

    @Test
    void anAddressThatIsNeitherHttpsNorThisMachineIsNotAsked() {
        Map<String, String> environment = environment();
        environment.put("ACTIONS_ID_TOKEN_REQUEST_URL", "http://metadata.example/token?");

        JobFacts facts = prover(environment).prove(declared);

        assertThat(facts.obstacles())
                .extracting(Refusal::found)
                .first()
                .asString()
                .contains("not at an https address");
    }

    private void assertUnproven(String presented, String reason) {
        token = presented;

        JobFacts facts = prove();

        assertThat(facts.obstacles())
                .singleElement()
                .satisfies(obstacle -> assertThat(obstacle.found()).contains(reason));
    }

    private JobFacts prove() {
        return prover(environment()).prove(declared);
    }

    private SignedFacts prover(Map<String, String> environment) {
        return new SignedFacts(environment, clock(), List.of(URI.create(url)), Authorities.USUAL);
    }

    private Map<String, String> environment() {
        return new HashMap<>(Map.of(
                "GITHUB_RUN_ID", "4711",
                "GITHUB_RUN_ATTEMPT", "1",
                "ACTIONS_ID_TOKEN_REQUEST_URL", url + "/token?api-version=2",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "bearer"));
    }

    private static Clock clock() {
        return Clock.fixed(NOW, ZoneOffset.UTC);
    }

    private JWTClaimsSet claims(UnaryOperator<JWTClaimsSet.Builder> change) {
        return change.apply(new JWTClaimsSet.Builder()
                        .issuer(url)
                        .audience("codex-auth")
                        .issueTime(Date.from(NOW.minusSeconds(10)))
                        .expirationTime(Date.from(NOW.plusSeconds(300)))
                        .jwtID("b34d9a3b-1")
                        .claim("run_id", "4711")
                        .claim("run_attempt", "1")
                        .claim("actor", "octocat")
                        .claim("repository_id", "1296269")
                        .claim("repository_owner_id", "9919")
                        .claim("repository", "acme/app")
                        .claim("repository_visibility", "private")
                        .claim("runner_environment", "self-hosted")
                        .claim("event_name", "push")
                        .claim("ref", "refs/heads/main"))
                .build();
    }

    private static String sign(JWTClaimsSet claims, RSAKey key) throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k1").build(), claims);
        jwt.sign(new RSASSASigner(key));
        return jwt.serialize();
    }

    private interface Body {
        String text();
    }

    private void answer(String path, Body body) {
        issuer.createContext(path, exchange -> {
            try (exchange) {
                byte[] bytes = body.text().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            } catch (IOException closed) {
                return;
            }
        });
    }
}
