package io.github.codexauth.runner.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsServer;
import io.github.codexauth.SignInMode;
import io.github.codexauth.runner.network.Authorities;
import io.github.codexauth.runner.network.CaBundle;
import io.github.codexauth.runner.network.ConnectProxy;
import io.github.codexauth.runner.policy.TrustCheck;
import io.github.codexauth.runner.policy.Verdict;
import io.github.codexauth.testing.OwnAuthority;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.Refusal;
import io.github.codexauth.trust.TrustDecision;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our own requests in a company's network: its certificate authority, and its proxy. */
class CompanyNetworkTest {
    @TempDir
    private Path folder;

    private OwnAuthority authority;
    private HttpsServer issuer;
    private String url;

    @BeforeEach
    void startIssuer() throws Exception {
        authority = OwnAuthority.in(folder);
        issuer = authority.startServer();
        url = "https://127.0.0.1:" + issuer.getAddress().getPort() + "/";
    }

    @AfterEach
    void stop() {
        issuer.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CODEX_CA_CERTIFICATE", "SSL_CERT_FILE"})
    void theCompanysAuthorityIsBelievedBesidesTheUsualOnes(String variable) throws Exception {
        CaBundle bundle =
                CaBundle.in(Map.of(variable, authority.bundle().toString())).orElseThrow();

        assertThat(get(url, Map.of(), Authorities.with(bundle))).isEqualTo("{}");
        assertThat(Authorities.with(bundle).context()).isNotNull();
    }

    @Test
    void withoutItItsCertificateIsNamedAsTheReason() {
        assertThatThrownBy(() -> get(url, Map.of(), Authorities.USUAL))
                .hasMessage("the issuer shows a certificate that is not trusted here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s@127.0.0.1:%d", "http://%s@127.0.0.1:%d", "HTTP://%s@127.0.0.1:%d/"})
    void theProxyOfTheEnvironmentIsUsedWithItsPassword(String form) throws Exception {
        try (ConnectProxy proxy = ConnectProxy.to(issuer.getAddress().getPort(), "build:p@ss+w")) {
            String address = String.format(form, "build:p%40ss+w", proxy.port());

            String answer = get("https://issuer.example/", Map.of("HTTPS_PROXY", address), trusted());

            assertThat(answer).isEqualTo("{}");
            assertThat(proxy.tunnels()).containsExactly("issuer.example:443");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "127.0.0.1", "other.example, 127.0.0.1"})
    void whatNeedsNoProxyIsAskedDirectly(String noProxy) throws Exception {
        Map<String, String> environment = Map.of("HTTPS_PROXY", "127.0.0.1:1", "NO_PROXY", noProxy);

        assertThat(get(url, environment, trusted())).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5://build:secret@127.0.0.1:1", "https://build:secret@127.0.0.1:1", "build:secret@:x"})
    void aProxyThatCannotBeUsedIsNamedWithoutItsPassword(String address) {
        assertThatThrownBy(() -> get(url, Map.of("https_proxy", address), trusted()))
                .hasMessageStartingWith("https_proxy ")
                .hasMessageNotContaining("secret");
    }

    /**
     * Otherwise a job could sign its own facts: with an authority of its own, and a proxy that leads to its own issuer.
     */
    @Test
    void anAuthorityThatTheJobCouldHaveWrittenDoesNotCount() throws Exception {
        assertThat(refusals(""))
                .anySatisfy(refusal -> assertThat(refusal)
                        .contains(
                                "shows a certificate that is not trusted here; CODEX_CA_CERTIFICATE does not count, since the job"
                                        + " itself could have written " + authority.bundle()));
        // Where operator and job are one on purpose it counts: the server is believed, and its answer is no token.
        assertThat(refusals("job-may-write-policy: true\n"))
                .anySatisfy(refusal -> assertThat(refusal).contains("GitHub's token service answered without a token"));
    }

    private List<String> refusals(String setting) throws Exception {
        Path policy = Files.writeString(
                folder.resolve("policy.yaml"),
                "version: 1\n" + setting + "allow:\n  - platform: github\n    require: signed\n");
        Files.setPosixFilePermissions(policy, PosixFilePermissions.fromString("rw-------"));
        Map<String, String> environment = new HashMap<>(Map.of(
                "GITHUB_ACTIONS", "true",
                "GITHUB_RUN_ID", "1",
                "ACTIONS_ID_TOKEN_REQUEST_URL", url,
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "bearer",
                "CODEX_CA_CERTIFICATE", authority.bundle().toString()));
        Verdict verdict = TrustCheck.gather(environment, Clock.systemUTC(), policy, Optional.empty())
                .judge(new CredentialRequest(SignInMode.API_KEY, List.of()));
        return ((TrustDecision.Refused) verdict.decision())
                .reasons().stream().map(Refusal::found).toList();
    }

    private Authorities trusted() {
        return Authorities.with(
                CaBundle.in(Map.of("SSL_CERT_FILE", authority.bundle().toString()))
                        .orElseThrow());
    }

    private static String get(String address, Map<String, String> environment, Authorities authorities)
            throws Exception {
        return new String(
                new Http(environment, authorities).get(URI.create(address), "the issuer"), StandardCharsets.UTF_8);
    }
}
