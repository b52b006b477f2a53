package io.github.codexauth.store;

import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.framework.stream.StandardDecryptingChannelFactory;
import com.exceptionfactory.jagged.framework.stream.StandardEncryptingChannelFactory;
import com.exceptionfactory.jagged.x25519.X25519KeyFactory;
import com.exceptionfactory.jagged.x25519.X25519KeyPairGenerator;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;
import io.github.codexauth.SecretText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;

/**
 * How logins are protected in a store: as they are, encrypted to an age recipient, or by a {@link Sealer}.
 *
 * <p>With a recipient every save is encrypted. An identity alone also encrypts, to its own recipient, so that
 * forgetting the recipient never turns an encrypted store into a readable one. Records are opened as they were sealed,
 * whichever that was. Immutable.
 */
public final class AtRest {
    private static final String IDENTITY_PREFIX = "AGE-SECRET-KEY-1";

    private final Optional<String> recipient;
    private final List<SecretText> identities;
    private final Optional<Sealer> sealer;

    private AtRest(Optional<String> recipient, List<SecretText> identities, Optional<Sealer> sealer) {
        this.recipient = recipient;
        this.identities = identities;
        this.sealer = sealer;
    }

    /** No encryption beyond the store's own protection. */
    public static AtRest unencrypted() {
        return new AtRest(Optional.empty(), List.of(), Optional.empty());
    }

    /** Encryption with the key of the application around us. */
    public static AtRest by(Sealer sealer) {
        return new AtRest(Optional.empty(), List.of(), Optional.of(sealer));
    }

    /**
     * Encryption with age.
     *
     * @param recipient an X25519 recipient, {@code age1…}; empty for that of the first identity
     * @param identityFile the content of an identity file as {@code age-keygen} writes it; empty if this process only
     *     seals
     * @throws InvalidEncryptionKeyException if either is something else; the message quotes no identity
     */
    public static AtRest age(Optional<String> recipient, Optional<SecretText> identityFile)
            throws InvalidEncryptionKeyException {
        List<SecretText> identities = new ArrayList<>();
        if (identityFile.isPresent()) {
            for (String line : identityFile.get().reveal().lines().toList()) {
                String trimmed = line.strip();
                if (!trimmed.isEmpty() && !trimmed.startsWith("#")) {
                    identities.add(identity(trimmed));
                }
            }
            if (identities.isEmpty()) {
                throw new InvalidEncryptionKeyException(
                        "the age identity file has no identity", "make one with: codex-auth keygen");
            }
        }
        Optional<String> to = recipient.map(String::strip);
        if (to.isEmpty() && !identities.isEmpty()) {
            to = Optional.of(recipientOf(identities.get(0)));
        }
        if (to.isPresent()) {
            requireRecipient(to.get());
        }
        return new AtRest(to, List.copyOf(identities), Optional.empty());
    }

    /** A new key pair: what goes into the identity file, and the recipient to encrypt to. */
    public static AgeKeyPair newKeyPair() {
        try {
            KeyPair pair = new X25519KeyPairGenerator().generateKeyPair();
            return new AgeKeyPair(
                    pair.getPublic().toString(), SecretText.of(pair.getPrivate().toString()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no X25519", e);
        }
    }

    /** What {@link #seal} will do. */
    public Encryption encryption() {
        if (sealer.isPresent()) {
            return Encryption.HOST;
        }
        return recipient.isPresent() ? Encryption.AGE : Encryption.NONE;
    }

    /** Puts an {@code auth.json} into a record, encrypted if a recipient is set. */
    public CredentialRecord seal(Envelope envelope, byte[] authJson) {
        if (sealer.isPresent()) {
            return new CredentialRecord(envelope, Encryption.HOST, sealer.get().seal(authJson));
        }
        return recipient
                .map(to -> new CredentialRecord(envelope, Encryption.AGE, encrypt(authJson, to)))
                .orElseGet(() -> new CredentialRecord(envelope, Encryption.NONE, authJson));
    }

    /**
     * Takes the {@code auth.json} out of a record.
     *
     * @throws InvalidEncryptionKeyException if the record is encrypted and we have no key that opens it
     */
    public byte[] open(CredentialRecord record) throws InvalidEncryptionKeyException {
        if (record.encryption() == Encryption.NONE) {
            return record.payload();
        }
        if (record.encryption() == Encryption.HOST) {
            return sealer.orElseThrow(() -> new InvalidEncryptionKeyException(
                            "credential '" + record.envelope().id()
                                    + "' is encrypted with the key of another application",
                            "use it there, or seed it here by a login of its own"))
                    .open(record.payload());
        }
        if (identities.isEmpty()) {
            throw new InvalidEncryptionKeyException(
                    "credential '" + record.envelope().id() + "' is encrypted and no age identity was given",
                    "add --age-identity-file FILE (or CODEX_AUTH_AGE_IDENTITY_FILE)");
        }
        try {
            return decrypt(record.payload());
        } catch (GeneralSecurityException | IOException | BufferUnderflowException | IllegalArgumentException e) {
            // jagged answers some damaged headers with the two unchecked ones.
            throw new InvalidEncryptionKeyException(
                    "credential '" + record.envelope().id()
                            + "' is encrypted to another age identity than the one given",
                    "use the identity whose recipient the store was written with: age-keygen -y FILE shows it");
        }
    }

    private static byte[] encrypt(byte[] plain, String recipient) {
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        try (WritableByteChannel channel = new StandardEncryptingChannelFactory()
                .newEncryptingChannel(
                        Channels.newChannel(sealed),
                        List.of(X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(recipient)))) {
            ByteBuffer buffer = ByteBuffer.wrap(plain);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (GeneralSecurityException | IOException e) {
            // The recipient was checked when it was set, and memory does not fail like a disk.
            throw new IllegalStateException("age encryption failed", e);
        }
        return sealed.toByteArray();
    }

    private byte[] decrypt(byte[] sealed) throws GeneralSecurityException, IOException {
        List<RecipientStanzaReader> readers = new ArrayList<>();
        for (SecretText identity : identities) {
            readers.add(X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(identity.reveal()));
        }
        try (ReadableByteChannel channel = new StandardDecryptingChannelFactory()
                        .newDecryptingChannel(Channels.newChannel(new ByteArrayInputStream(sealed)), readers);
                InputStream plain = Channels.newInputStream(channel)) {
            return plain.readAllBytes();
        }
    }

    private static SecretText identity(String line) throws InvalidEncryptionKeyException {
        try {
            X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(line);
            return SecretText.of(line);
        } catch (GeneralSecurityException | RuntimeException quoted) {
            throw new InvalidEncryptionKeyException(
                    line.startsWith("age1")
                            ? "the age identity file holds a recipient (age1…), not an identity"
                            : "the age identity file holds a line that is no X25519 identity (" + IDENTITY_PREFIX
                                    + "…)",
                    "make an identity with: codex-auth keygen");
        }
    }

    private static void requireRecipient(String recipient) throws InvalidEncryptionKeyException {
        try {
            X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(recipient);
        } catch (GeneralSecurityException | RuntimeException quoted) {
            throw new InvalidEncryptionKeyException(
                    recipient.startsWith(IDENTITY_PREFIX)
                            ? "an age identity was given where a recipient is expected, so treat it as leaked"
                            : "the age recipient is no X25519 recipient (age1…)",
                    "use the line 'public key: age1…' that codex-auth keygen prints");
        }
    }

    private static String recipientOf(SecretText identity) throws InvalidEncryptionKeyException {
        try {
            byte[] encoded = identity.reveal().getBytes(StandardCharsets.US_ASCII);
            return new X25519KeyFactory()
                    .translateKey(new SecretKeySpec(encoded, "X25519"))
                    .toString();
        } catch (GeneralSecurityException quoted) {
            throw new InvalidEncryptionKeyException(
                    "the age identity cannot be read", "make an identity with: codex-auth keygen");
        }
    }
}
