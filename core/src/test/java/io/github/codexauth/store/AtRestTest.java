package io.github.codexauth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.codexauth.CredentialId;
import io.github.codexauth.SecretText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins in a store, encrypted or not. The official age tool is the judge of what we write. */
class AtRestTest {
    private static final Envelope ENVELOPE = Records.envelope(new CredentialId("codex-ci"), 1);
    private static final byte[] LOGIN = "{\"auth_mode\":\"chatgpt\"}\n".getBytes(StandardCharsets.UTF_8);

    private final AgeKeyPair key = AtRest.newKeyPair();

    private static AtRest with(String recipient, String identityFile) throws InvalidEncryptionKeyException {
        return AtRest.age(
                Optional.ofNullable(recipient),
                Optional.ofNullable(identityFile).map(SecretText::of));
    }

    @Test
    void withoutAKeyTheLoginIsStoredAsItIs() throws Exception {
        AtRest plain = AtRest.unencrypted();
        CredentialRecord record = plain.seal(ENVELOPE, LOGIN);
        assertThat(plain.encryption()).isEqualTo(Encryption.NONE);
        assertThat(record.encryption()).isEqualTo(Encryption.NONE);
        assertThat(record.payload()).isEqualTo(LOGIN);
        assertThat(plain.open(record)).isEqualTo(LOGIN);
        assertThat(with(null, null).encryption()).isEqualTo(Encryption.NONE);
    }

    @Test
    void aRecipientEncryptsAndItsIdentityOpens() throws Exception {
        AtRest sealing = with(key.recipient(), null);
        CredentialRecord record = sealing.seal(ENVELOPE, LOGIN);
        assertThat(sealing.encryption()).isEqualTo(Encryption.AGE);
        assertThat(record.encryption()).isEqualTo(Encryption.AGE);
        assertThat(record.envelope()).isEqualTo(ENVELOPE);
        assertThat(new String(record.payload(), StandardCharsets.ISO_8859_1))
                .startsWith("age-encryption.org/v1\n")
                .doesNotContain("chatgpt");
        assertThat(with(key.recipient(), key.identity().reveal()).open(record)).isEqualTo(LOGIN);
    }

    @Test
    void anIdentityAloneEncryptsToItsOwnRecipient() throws Exception {
        AtRest both = with(null, key.identity().reveal());
        assertThat(both.encryption()).isEqualTo(Encryption.AGE);
        assertThat(both.open(both.seal(ENVELOPE, LOGIN))).isEqualTo(LOGIN);
    }

    /** The encryption of an application around us, here by turning every bit. */
    private static final class Turned implements Sealer {
        @Override
        public byte[] seal(byte[] plain) {
            byte[] sealed = plain.clone();
            for (int i = 0; i < sealed.length; i++) {
                sealed[i] = (byte) ~sealed[i];
            }
            return sealed;
        }

        @Override
        public byte[] open(byte[] sealed) {
            return seal(sealed);
        }
    }

    @Test
    void whatTheApplicationAroundUsSealsNobodyElseOpens() throws Exception {
        AtRest sealing = AtRest.by(new Turned());
        CredentialRecord record = sealing.seal(ENVELOPE, LOGIN);

        assertThat(sealing.encryption()).isEqualTo(Encryption.HOST);
        assertThat(record.encryption()).isEqualTo(Encryption.HOST);
        assertThat(record.payload()).isNotEqualTo(LOGIN);
        assertThat(RecordFormat.read(RecordFormat.write(record), "record", "hint"))
                .isEqualTo(record);
        assertThat(sealing.open(record)).isEqualTo(LOGIN);
        assertThatExceptionOfType(InvalidEncryptionKeyException.class)
                .isThrownBy(() -> AtRest.unencrypted().open(record))
                .satisfies(e -> assertThat(e.problem()).contains("the key of another application"));
    }

    @Test
    void theSameLoginIsNeverTheSameBytesTwice() throws Exception {
        AtRest sealing = with(key.recipient(), null);
        assertThat(sealing.seal(ENVELOPE, LOGIN).payload())
                .isNotEqualTo(sealing.seal(ENVELOPE, LOGIN).payload());
    }

    @Test
    void anyOfSeveralIdentitiesOpensAndTheFirstOneEncrypts() throws Exception {
        AgeKeyPair old = AtRest.newKeyPair();
        String file = "# created: today\n# public key: " + key.recipient() + "\n\n"
                + key.identity().reveal() + "\r\n  " + old.identity().reveal() + "  \n";
        AtRest rotated = with(null, file);
        assertThat(rotated.open(with(old.recipient(), null).seal(ENVELOPE, LOGIN)))
                .isEqualTo(LOGIN);
        assertThat(with(null, key.identity().reveal()).open(rotated.seal(ENVELOPE, LOGIN)))
                .isEqualTo(LOGIN);
    }

    @Test
    void whatWasStoredUnencryptedIsStillOpenedLater() throws Exception {
        CredentialRecord old = AtRest.unencrypted().seal(ENVELOPE, LOGIN);
        assertThat(with(key.recipient(), null).open(old)).isEqualTo(LOGIN);
    }

    @Test
    void withoutAnIdentityAnEncryptedLoginStaysClosed() throws Exception {
        CredentialRecord record = with(key.recipient(), null).seal(ENVELOPE, LOGIN);
        for (AtRest blind : new AtRest[] {AtRest.unencrypted(), with(key.recipient(), null)}) {
            assertThatExceptionOfType(InvalidEncryptionKeyException.class)
                    .isThrownBy(() -> blind.open(record))
                    .satisfies(refused -> {
                        assertThat(refused.problem())
                                .isEqualTo("credential 'codex-ci' is encrypted and no age identity was given");
                        assertThat(refused.hint()).contains("--age-identity-file");
                    });
        }
    }

    @Test
    void anotherIdentityDoesNotOpenIt() throws Exception {
        CredentialRecord record = with(key.recipient(), null).seal(ENVELOPE, LOGIN);
        AtRest other = with(null, AtRest.newKeyPair().identity().reveal());
        assertThatExceptionOfType(InvalidEncryptionKeyException.class)
                .isThrownBy(() -> other.open(record))
                .satisfies(refused -> {
                    assertThat(refused.problem()).contains("encrypted to another age identity");
                    assertThat(refused.hint()).contains("age-keygen -y");
                });
    }

    @Test
    void aPayloadThatIsTornOrTamperedWithIsNeverOpenedInPart() throws Exception {
        AtRest both = with(null, key.identity().reveal());
        byte[] sealed = both.seal(ENVELOPE, LOGIN).payload();
        for (int length = 0; length < sealed.length; length++) {
            byte[] torn = Arrays.copyOf(sealed, length);
            byte[] tampered = sealed.clone();
            tampered[length] ^= 1;
            for (byte[] payload : new byte[][] {torn, tampered}) {
                CredentialRecord record = new CredentialRecord(ENVELOPE, Encryption.AGE, payload);
                assertThatExceptionOfType(InvalidEncryptionKeyException.class)
                        .as("%d of %d bytes", length, sealed.length)
                        .isThrownBy(() -> both.open(record));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "age1", "age1qqqq", "hello", "ssh-ed25519 AAAA", "AGE1", "age1\u00e9"})
    void whatIsNoRecipientIsRefused(String wrong) {
        assertThatExceptionOfType(InvalidEncryptionKeyException.class)
                .isThrownBy(() -> with(wrong, null))
                .satisfies(refused -> assertThat(refused.problem()).contains("no X25519 recipient"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "AGE-SECRET-KEY-1", "AGE-SECRET-KEY-1QQQQ", "AGE-PLUGIN-YUBIKEY-1QQ", "{\"a\":1}"})
    void whatIsNoIdentityIsRefused(String wrong) {
        assertThatExceptionOfType(InvalidEncryptionKeyException.class)
                .isThrownBy(() -> with(null, wrong))
                .satisfies(refused -> assertThat(refused.problem()).contains("no X25519 identity"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "# a comment alone\n", "  \n\n"})
    void anIdentityFileNeedsAnIdentity(String empty) {
        assertThatExceptionOfType(InvalidEncryptionKeyException.class)
                .isThrownBy(() -> with(null, empty))
                .satisfies(refused -> {
                    assertThat(refused.problem()).isEqualTo("the age identity file has no identity");
                    assertThat(refused.hint()).isEqualTo("make one with: codex-auth keygen");
                });
    }

    @Test
    void aRecipientInTheIdentityFileIsCalledByItsName() {
        assertThatExceptionOfType(InvalidEncryptionKeyException.class)
                .isThrownBy(() -> with(null, key.recipient()))
                .satisfies(refused -> assertThat(refused.problem()).contains("a recipient (age1…), not an identity"));
    }

    @Test
    void anIdentityInTheRecipientsPlaceIsCalledLeakedAndNotRepeated() {
        String identity = key.identity().reveal();
        assertThatExceptionOfType(InvalidEncryptionKeyException.class)
                .isThrownBy(() -> with(identity, null))
                .satisfies(refused -> {
                    assertThat(refused.problem()).contains("treat it as leaked");
                    assertThat(printed(refused)).doesNotContain(identity.substring(16));
                });
    }

    @Test
    void noMessageRepeatsAnIdentity() {
        String identity = key.identity().reveal();
        String mistyped = identity.substring(0, identity.length() - 1) + (identity.endsWith("Q") ? "P" : "Q");
        assertThatExceptionOfType(InvalidEncryptionKeyException.class)
                .isThrownBy(() -> with(null, mistyped))
                .satisfies(refused -> assertThat(printed(refused)).doesNotContain(mistyped.substring(20, 40)));
        assertThat(key.toString()).contains(key.recipient()).doesNotContain(identity.substring(16));
    }

    /** Everything a log could show of an exception, causes included. */
    private static String printed(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Nested
    class ForTheOfficialTool {
        @TempDir
        private Path temporary;

        @BeforeEach
        void needsAge() {
            AgeTool.require();
        }

        private Path file(String content) throws Exception {
            return Files.writeString(temporary.resolve("identity.txt"), content);
        }

        @Test
        void whatWeEncryptIsReadable() throws Exception {
            byte[] sealed = with(key.recipient(), null).seal(ENVELOPE, LOGIN).payload();
            assertThat(AgeTool.decrypt(sealed, file(key.identity().reveal() + "\n")))
                    .isEqualTo(LOGIN);
        }

        @Test
        void aLoginOfManyChunksIsReadable() throws Exception {
            byte[] large = new byte[300_000];
            Arrays.fill(large, (byte) 'x');
            byte[] sealed = with(key.recipient(), null).seal(ENVELOPE, large).payload();
            assertThat(AgeTool.decrypt(sealed, file(key.identity().reveal() + "\n")))
                    .isEqualTo(large);
        }

        @Test
        void whatItEncryptsWeCanRead() throws Exception {
            String identity = AgeTool.newIdentityFile(temporary.resolve("made.txt"));
            byte[] sealed = AgeTool.encrypt(LOGIN, AgeTool.recipientOf(temporary.resolve("made.txt")));
            CredentialRecord record = new CredentialRecord(ENVELOPE, Encryption.AGE, sealed);
            assertThat(with(null, identity).open(record)).isEqualTo(LOGIN);
        }

        @Test
        void ourIdentityHasTheRecipientWeSay() throws Exception {
            assertThat(AgeTool.recipientOf(file(key.identity().reveal() + "\n")))
                    .isEqualTo(key.recipient());
        }

        @Test
        void anIdentityAloneEncryptsToTheRecipientItComputes() throws Exception {
            String identity = AgeTool.newIdentityFile(temporary.resolve("made.txt"));
            byte[] sealed = with(null, identity).seal(ENVELOPE, LOGIN).payload();
            assertThat(AgeTool.decrypt(sealed, temporary.resolve("made.txt"))).isEqualTo(LOGIN);
        }

        /** The command in the Javadoc of {@link RecordFormat}, without jq. */
        @Test
        void aRecordCanBeOpenedByHand() throws Exception {
            byte[] record = RecordFormat.write(with(key.recipient(), null).seal(ENVELOPE, LOGIN));
            String authJson = new JsonMapper().readTree(record).path("authJson").textValue();
            assertThat(AgeTool.decrypt(
                            Base64.getDecoder().decode(authJson),
                            file(key.identity().reveal() + "\n")))
                    .isEqualTo(LOGIN);
        }
    }
}
