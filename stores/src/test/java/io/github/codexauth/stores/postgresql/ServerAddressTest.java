package io.github.codexauth.stores.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.codexauth.UsageException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows {@code postgresql:} in an address. */
class ServerAddressTest {
    @Test
    void unlessItSaysOtherwiseTheServerHasToProveItselfAndLoginsAreEncrypted() throws Exception {
        ServerAddress address = ServerAddress.parse("//runner@db.example.com/codex");

        assertThat(address.tls()).isEqualTo("verify-full");
        assertThat(address.plaintext()).isFalse();
        assertThat(address.rings()).isFalse();
        assertThat(address.hosts()).containsExactly(new ServerAddress.Host("db.example.com", 5432));
        assertThat(address).hasToString("postgresql://runner@db.example.com/codex");
    }

    @Test
    void everythingCanBeSaidInIt() throws Exception {
        ServerAddress address = ServerAddress.parse("//runner@db:6432/codex?sslmode=verify-ca&sslrootcert=/etc/ca.pem"
                + "&sslcert=/etc/us.pem&sslkey=/etc/us.pk8&plaintext=allowed&notify=on");

        assertThat(address.hosts()).containsExactly(new ServerAddress.Host("db", 6432));
        assertThat(address.tls()).isEqualTo("verify-ca");
        assertThat(address.authority()).contains(Path.of("/etc/ca.pem"));
        assertThat(address.certificate()).contains(Path.of("/etc/us.pem"));
        assertThat(address.key()).contains(Path.of("/etc/us.pk8"));
        assertThat(address.plaintext()).isTrue();
        assertThat(address.rings()).isTrue();
    }

    @Test
    void aUserMayHaveAnAtSignInItsName() throws Exception {
        assertThat(ServerAddress.parse("//runner%40server+1@db/codex").user()).isEqualTo("runner@server+1");
    }

    @Test
    void severalServersMayBeTheOneToWriteTo() throws Exception {
        ServerAddress address = ServerAddress.parse("//runner@db-1.example.com,db-2.example.com:5433,[::1]:5434/codex");

        assertThat(address.hosts())
                .containsExactly(
                        new ServerAddress.Host("db-1.example.com", 5432),
                        new ServerAddress.Host("db-2.example.com", 5433),
                        new ServerAddress.Host("[::1]", 5434));
        assertThat(address).hasToString("postgresql://runner@db-1.example.com,db-2.example.com:5433,[::1]:5434/codex");
    }

    @Test
    void aPasswordHasNoPlaceThere() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> ServerAddress.parse("//runner:topsecret@db/codex"))
                .satisfies(e -> {
                    assertThat(e.problem()).contains("holds a password").doesNotContain("topsecret");
                    assertThat(e.hint()).contains("--store-password-file").doesNotContain("topsecret");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "//db/codex",
                "//runner@db",
                "//runner@db/",
                "//runner@db/a/topsecret",
                "runner@db/codex",
                "//runner@db/codex?sslmode=topsecret",
                "//runner@db/codex?sslmode=prefer",
                "//runner@db/codex?password=topsecret",
                "//runner@db/codex?plaintext=topsecret",
                "//runner@db/codex?notify=topsecret",
                "//runner@db/codex?sslrootcert=topsecret",
                "//runner@db/codex?topsecret",
                "//runner@db/codex?sslrootcert=/topsecret&sslcert=/topsecret",
                "//runner@db/codex?sslrootcert=/topsecret&sslkey=/topsecret",
                "//runner@db/codex?sslcert=/topsecret&sslkey=/topsecret",
                "//runner@db,/topsecret",
                "//runner@db:topsecret/codex",
                "//runner@db,db:99999999/codex",
                "//runner@db:65536/codex",
                "//run ner@db/topsecret"
            })
    void whatIsNoAddressIsNotQuoted(String rest) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> ServerAddress.parse(rest))
                .satisfies(e -> {
                    assertThat(e.problem()).startsWith("--store postgresql: ").doesNotContain("topsecret");
                    assertThat(e.hint()).contains(ServerAddress.EXAMPLE);
                });
    }
}
