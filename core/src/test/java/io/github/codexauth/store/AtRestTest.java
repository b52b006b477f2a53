package io.github.codexauth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.codexauth.SecretText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtRestTest {
    private static final byte[] LOGIN = "{\"the\": \"login\"}\n".getBytes(StandardCharsets.UTF_8);
    private static final Envelope ENVELOPE = Records.envelope(new io.github.codexauth.CredentialId("ci"), 1);

    private final AgeKeyPair key = AtRest.newKeyPair();

    @TempDir
    private Path folder;

    @Test
    void withoutAKeyTheBytesAreStoredAsTheyAre() throws Exception {
        CredentialRecord record = AtRest.unencrypted().seal(ENVELOPE, LOGIN);

        assertThat(record.payload()).isEqualTo(LOGIN);
        assertThat(AtRest.unencrypted().open(record)).isEqualTo(LOGIN);
    }

    @Test
    void whatIsSealedForARecipientOpensWithItsIdentityAlone() throws Exception {
        CredentialRecord record =
                AtRest.age(Optional.of(key.recipient()), Optional.empty()).seal(ENVELOPE, LOGIN);

        assertThat(new String(record.payload(), StandardCharsets.ISO_8859_1)).doesNotContain("login");
        assertThat(AtRest.age(Optional.empty(), Optional.of(key.identity())).open(record))
                .isEqualTo(LOGIN);
        AgeKeyPair other = AtRest.newKeyPair();
        assertThatThrownBy(() -> AtRest.age(Optional.empty(), Optional.of(other.identity()))
                        .open(record))
                .isInstanceOf(InvalidEncryptionKeyException.class)
                .hasMessageContaining("another age identity");
        assertThatThrownBy(() -> AtRest.unencrypted().open(record))
                .isInstanceOf(InvalidEncryptionKeyException.class)
                .hasMessageContaining("no age identity was given");
    }

    @Test
    void anIdentityAloneEncryptsToItsOwnRecipient() throws Exception {
        AtRest atRest = AtRest.age(Optional.empty(), Optional.of(key.identity()));

        assertThat(atRest.encryption()).isEqualTo(Encryption.AGE);
        assertThat(atRest.open(atRest.seal(ENVELOPE, LOGIN))).isEqualTo(LOGIN);
    }

    @Test
    void keysInTheWrongPlaceAreRefusedWithoutBeingQuoted() {
        String identity = key.identity().reveal();

        assertThatThrownBy(() -> AtRest.age(Optional.of(identity), Optional.empty()))
                .hasMessageContaining("identity was given where a recipient is expected")
                .satisfies(e -> assertThat(e.toString()).doesNotContain(identity));
        assertThatThrownBy(() -> AtRest.age(Optional.empty(), Optional.of(SecretText.of(key.recipient()))))
                .hasMessageContaining("holds a recipient");
        assertThatThrownBy(() -> AtRest.age(Optional.empty(), Optional.of(SecretText.of("# only a comment\n"))))
                .hasMessageContaining("has no identity");
        assertThatThrownBy(() -> AtRest.age(Optional.of("age1nonsense"), Optional.empty()))
                .isInstanceOf(InvalidEncryptionKeyException.class);
    }

    @Test
    void theOfficialAgeReadsWhatWeWriteAndWeReadWhatItWrites() throws Exception {
        requireAge();
        Path identity =
                Files.writeString(folder.resolve("identity"), key.identity().reveal() + "\n");
        AtRest atRest = AtRest.age(Optional.of(key.recipient()), Optional.of(key.identity()));
        Path ours =
                Files.write(folder.resolve("ours"), atRest.seal(ENVELOPE, LOGIN).payload());
        Path opened = folder.resolve("opened");
        Path plain = Files.write(folder.resolve("plain"), LOGIN);
        Path theirs = folder.resolve("theirs");

        run("age", "-d", "-i", identity.toString(), "-o", opened.toString(), ours.toString());
        run("age", "-r", key.recipient(), "-o", theirs.toString(), plain.toString());

        assertThat(opened).hasBinaryContent(LOGIN);
        assertThat(atRest.open(new CredentialRecord(ENVELOPE, Encryption.AGE, Files.readAllBytes(theirs))))
                .isEqualTo(LOGIN);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private static void requireAge() {
        try {
            run("age", "--version");
        } catch (IOException absent) {
            assertThat(System.getenv("CI")).as("age is installed in CI").isNull();
            Assumptions.abort("the age tool is not installed: apt-get install age");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
