package io.jenkins.plugins.codexauth.account;

import hudson.util.Secret;
import io.github.codexauth.store.InvalidEncryptionKeyException;
import io.github.codexauth.store.Sealer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Encrypts as Jenkins encrypts every secret: with the key in {@code JENKINS_HOME/secrets}. */
public final class JenkinsSealer implements Sealer {
    @Override
    public byte[] seal(byte[] plain) {
        return Secret.fromString(Base64.getEncoder().encodeToString(plain))
                .getEncryptedValue()
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public byte[] open(byte[] sealed) throws InvalidEncryptionKeyException {
        Secret secret = Secret.decrypt(new String(sealed, StandardCharsets.US_ASCII));
        if (secret == null) {
            throw new InvalidEncryptionKeyException(
                    "a stored login is encrypted with the key of another Jenkins",
                    "restore JENKINS_HOME/secrets of the Jenkins that stored it, or paste a new auth.json into the credential");
        }
        return Base64.getDecoder().decode(secret.getPlainText());
    }
}
