package io.github.codexauth.stores.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.codexauth.UsageException;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.PasswordSource;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterAddressTest {
    @Test
    void inAPodTheServiceAccountIsTheOneOfThePod() throws Exception {
        ClusterAddress address = ClusterAddress.parse("//ci/codex-auth");

        assertThat(address.namespace()).isEqualTo("ci");
        assertThat(address.prefix()).isEqualTo("codex-auth");
        assertThat(address.server()).isEqualTo(URI.create("https://kubernetes.default.svc"));
        assertThat(address.authority()).contains(Path.of("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"));
        assertThat(address.token()).contains(Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token"));
        assertThat(address.plaintext()).isFalse();
        assertThat(address).hasToString("k8s://ci/codex-auth");
    }

    @Test
    void elsewhereItNamesTheServerAndWhatIsForThatServer() throws Exception {
        ClusterAddress address = ClusterAddress.parse(
                "//ci/codex-auth?ca=/etc/ca.pem&server=https://10.0.0.1:6443/k8s/&token=/run/token&plaintext=allowed");

        assertThat(address.server()).isEqualTo(URI.create("https://10.0.0.1:6443/k8s"));
        assertThat(address.authority()).contains(Path.of("/etc/ca.pem"));
        assertThat(address.token()).contains(Path.of("/run/token"));
        assertThat(address.plaintext()).isTrue();
        assertThat(address).hasToString("k8s://ci/codex-auth of 10.0.0.1:6443");
    }

    @Test
    void aPodsTokenIsSentToNoOtherCluster() throws Exception {
        ClusterAddress address = ClusterAddress.parse("//ci/codex-auth?plaintext=allowed&server=https://10.0.0.1");

        assertThat(address.token()).isEmpty();
        assertThat(address.authority()).isEmpty();
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> new Token(address.token(), PasswordSource.NONE).read())
                .satisfies(e -> assertThat(e.hint()).contains("&token=/FILE", "--store-password-command"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ci/codex-auth",
                "//ci",
                "//ci/",
                "//ci/topsecret/more",
                "//CI/codex-auth",
                "//ci:topsecret@host/codex-auth",
                "//ci/codex_auth",
                "//ci/codex-auth?topsecret",
                "//ci/codex-auth?plaintext=topsecret",
                "//ci/codex-auth?server=http://topsecret:8080",
                "//ci/codex-auth?server=https://user:topsecret@host",
                "//ci/codex-auth?server=topsecret",
                "//ci/codex-auth?server=https://host/?token=topsecret",
                "//ci/codex-auth?token=topsecret"
            })
    void whatIsNoAddressIsNotRepeated(String rest) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> new KubernetesStoreType().at(rest, PasswordSource.NONE))
                .satisfies(e -> {
                    assertThat(e.problem() + e.hint()).doesNotContain("topsecret");
                    assertThat(e.hint()).contains("--store k8s://ci/codex-auth");
                });
    }
}
