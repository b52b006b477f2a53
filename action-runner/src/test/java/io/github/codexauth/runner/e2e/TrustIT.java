package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.github.codexauth.standin.Login;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a job tries in order to get a login that the operator did not mean for it. */
class TrustIT extends OnOneMachine {
    private static final String POLICY = "codex-auth/policy.yaml";
    private static final String BY_HAND = "version: 1\njob-may-write-policy: true\nallow: [{platform: none}]\n";
    private static final String GITHUB_ALONE =
            "version: 1\njob-may-write-policy: true\nallow: [{platform: github, require: signed}]\n";

    @BeforeEach
    void machineWithALogin() {
        Login login = standIn.newLogin(Duration.ofDays(9));
        cli.seed(login);
    }

    @Test
    void aPolicyOfTheJobsOwnTakesThePlaceOfTheMachinesOnlyToNarrowIt() {
        Result allowedByBoth = cli.withEtc(POLICY, BY_HAND).run(Cli.job("echo", "ran"));
        Result allowedByItsOwnAlone = cli.withEtc(POLICY, GITHUB_ALONE).run(Cli.job("echo", "ran"));
        Result named = cli.withEtc(POLICY, GITHUB_ALONE)
                .run("run", "--policy", folder.resolve("policy.yaml").toString(), "--id", "ci", "--", "echo", "ran");

        assertThat(allowedByBoth.exitCode()).as(allowedByBoth.toString()).isZero();
        for (Result refused : new Result[] {allowedByItsOwnAlone, named}) {
            assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(77);
            assertThat(refused.out()).isEmpty();
            assertThat(refused.err()).contains("/etc/codex-auth/policy.yaml does not allow that");
        }
    }

    @Test
    void aJobOfACiSystemCannotBringAPolicyAlsoWhereTheMachineHasNone() {
        String policy = cli.write("own.yaml", """
                version: 1
                job-may-write-policy: true
                allow: [{platform: github, visibility: [any], runners: [any], events: [any], forks: true, bots: true}]
                """).toString();

        Result refused = cli.inGitHubActions().with("CODEX_AUTH_POLICY", policy).runJob("echo", "ran");

        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(77);
        assertThat(refused.err()).contains("a user who could change the policy " + policy + ", and named it itself");
    }

    @Test
    void aSystemThatNobodyKnowsIsNoPersonAndAPersonsTokenIsNoSystem() {
        Result woodpecker = cli.with("CI", "woodpecker").runJob("echo", "ran");
        Result person = cli.with("GITHUB_TOKEN", "x").runJob("echo", "ran");

        assertThat(woodpecker.exitCode()).as(woodpecker.toString()).isEqualTo(77);
        assertThat(woodpecker.err()).contains("this is a job of a CI system that is not known: CI", "env -u NAME");
        assertThat(person.exitCode()).as(person.toString()).isZero();
    }

    @Test
    void aContainerWithoutAPolicySaysThatItCannotSeeItsHosts() {
        String sentence = "this container has no /etc/codex-auth/policy.yaml, and cannot see whether its host has one";
        Cli container = cli.inGitHubActions().with("CODEX_AUTH_IMAGE", "1");

        assertThat(container.run("check").err()).contains(sentence, "--volume=/etc/codex-auth/policy.yaml:");
        assertThat(container.withEtc(POLICY, GITHUB_ALONE).run("check").err()).doesNotContain(sentence);
        assertThat(cli.inGitHubActions().run("check").err()).doesNotContain(sentence);
    }

    @Test
    void whoHadToWaitIsJudgedByWhatHoldsWhenTheTurnComes() {
        Running holder = cli.start(Cli.job("sh", "-c", "echo has-it; read go < " + cli.makeFifo()));
        holder.awaitOutput("has-it");
        Running next = cli.start("run", "--id", "ci", "--wait", "2m", "--", "echo", "ran");
        next.awaitOutput("waiting: credential 'ci' is in use by");
        cli.write("policy.yaml", "version: 1\njob-may-write-policy: true\nallow: [{platform: github}]\n");

        cli.openFifo();
        Result refused = next.result();

        assertThat(holder.result().exitCode()).isZero();
        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(77);
        assertThat(refused.out()).isEmpty();
        cli.write("policy.yaml", BY_HAND);
        assertThat(cli.runJob("echo", "ran").exitCode())
                .as("the refused one holds nothing")
                .isZero();
    }

    @Test
    void aSignedTokenOpensALoginOnce() throws Exception {
        try (Issuer issuer = new Issuer()) {
            Cli job = issuer.job(cli).withEtc(POLICY, issuer.policy());

            Result first = job.run(Cli.job("echo", "ran"));
            Result again = job.run(Cli.job("echo", "ran"));

            assertThat(first.exitCode()).as(first.toString()).isZero();
            assertThat(again.exitCode()).as(again.toString()).isEqualTo(77);
            assertThat(again.err()).contains("the signed token was used before");
        }
    }

    @Test
    void aPoolOfLoginsIsJudgedByOneTokenAndOneLookAtTheIssuersKeys() throws Exception {
        for (String id : List.of("team.1", "team.2", "team.3")) {
            Path seed =
                    cli.write("seed.json", standIn.newLogin(Duration.ofDays(9)).authJson());
            assertThat(cli.run("seed", "--id", id, "--seed-file", seed.toString())
                            .exitCode())
                    .isZero();
        }
        try (Issuer issuer = new Issuer()) {
            Result result =
                    issuer.job(cli).withEtc(POLICY, issuer.policy()).run("run", "--pool", "team", "--", "echo", "ran");

            assertThat(result.exitCode()).as(result.toString()).isZero();
            assertThat(issuer.asked)
                    .containsExactlyInAnyOrder(
                            "/job", "/_services/token/.well-known/openid-configuration", "/_services/token/keys");
        }
    }

    /**
     * Signs for a server of GitHub's, on loopback; the job answers for the token service itself, with a token that it
     * found.
     */
    private static final class Issuer implements AutoCloseable {
        private final RSAKey key = new RSAKeyGenerator(2048).keyID("k1").generate();
        private final HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        private final String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/_services/token";

        /** The path of every request. */
        final Queue<String> asked = new ConcurrentLinkedQueue<>();

        Issuer() throws JOSEException, IOException {
            answer("/_services/token/.well-known/openid-configuration", "{\"jwks_uri\":\"" + address + "/keys\"}");
            answer("/_services/token/keys", new JWKSet(key.toPublicJWK()).toString());
            answer("/job", "{\"value\":\"" + token(address, key) + "\"}");
            server.start();
        }

        Cli job(Cli cli) {
            return cli.inGitHubActions()
                    .with("GITHUB_RUN_ATTEMPT", "1")
                    .with("ACTIONS_ID_TOKEN_REQUEST_URL", address.replace("/_services/token", "/job?v=2"))
                    .with("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "bearer");
        }

        String policy() {
            return GITHUB_ALONE + "issuers: ['" + address + "']\n";
        }

        private void answer(String path, String body) {
            server.createContext(path, exchange -> {
                asked.add(path);
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.close();
            });
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private static String token(String issuer, RSAKey key) throws JOSEException {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience("codex-auth")
                .jwtID("found")
                .issueTime(Date.from(Instant.now()))
                .expirationTime(Date.from(Instant.now().plusSeconds(300)));
        Map.of(
                        "run_id", "4711",
                        "run_attempt", "1",
                        "actor", "octocat",
                        "repository", "acme/app",
                        "repository_visibility", "private",
                        "runner_environment", "self-hosted",
                        "event_name", "push")
                .forEach(claims::claim);
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k1").build(), claims.build());
        jwt.sign(new RSASSASigner(key));
        return jwt.serialize();
    }
}
