package io.github.codexauth.runner.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.codexauth.testing.OwnAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaBundleTest {
    @TempDir
    private Path folder;

    @Test
    void codexsOwnVariableCountsBeforeTheUsualOneAndAnEmptyOneNotAtAll() {
        assertThat(CaBundle.in(Map.of("CODEX_CA_CERTIFICATE", "/a", "SSL_CERT_FILE", "/b")))
                .contains(new CaBundle("CODEX_CA_CERTIFICATE", Path.of("/a")));
        assertThat(CaBundle.in(Map.of("CODEX_CA_CERTIFICATE", "", "SSL_CERT_FILE", "/b")))
                .contains(new CaBundle("SSL_CERT_FILE", Path.of("/b")));
        assertThat(CaBundle.in(Map.of("NODE_EXTRA_CA_CERTS", "/c"))).isEmpty();
    }

    @Test
    void aBundleMayHaveWordsBetweenItsCertificates() throws Exception {
        Path bundle = OwnAuthority.in(folder).bundle();
        Files.writeString(bundle, Files.readString(bundle) + "\nand again:\n" + Files.readString(bundle));

        assertThat(new CaBundle("SSL_CERT_FILE", bundle).certificates()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0\u0082\u0003no PEM",
                "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----",
                "-----BEGIN CERTIFICATE-----\nMIIB"
            })
    void whatHoldsNoCertificateIsNamedSo(String content) throws Exception {
        Path bundle = Files.writeString(folder.resolve("ca.pem"), content);

        assertThatThrownBy(() -> new CaBundle("SSL_CERT_FILE", bundle).certificates())
                .isInstanceOf(UnusableCaBundleException.class)
                .hasMessage("SSL_CERT_FILE names " + bundle + ", which holds no certificates in PEM form");
    }

    @Test
    void whatIsNotThereOrNoFileIsNamedSo() {
        assertThatThrownBy(() -> new CaBundle("SSL_CERT_FILE", folder.resolve("ca.pem")).require())
                .hasMessage("SSL_CERT_FILE names a CA bundle that is not there: " + folder.resolve("ca.pem"));
        assertThatThrownBy(() -> new CaBundle("SSL_CERT_FILE", folder).require())
                .hasMessage("SSL_CERT_FILE names " + folder + ", which is no file");
    }

    @Test
    void whatWasPastedInThePlaceOfAPathIsNotRepeated() {
        for (String pasted : new String[] {"sk-proj-topsecret", "-----BEGIN PRIVATE KEY-----\ntopsecret\n"}) {
            assertThatThrownBy(() -> new CaBundle("SSL_CERT_FILE", Path.of(pasted)).require())
                    .hasMessage("SSL_CERT_FILE names a CA bundle that is not there: what is no absolute path");
        }
    }
}
