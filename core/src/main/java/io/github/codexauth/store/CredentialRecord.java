package io.github.codexauth.store;

import java.util.Arrays;

/**
 * One generation of a stored login: the envelope, and the exact {@code auth.json} as {@link AtRest} sealed it.
 *
 * <p>Immutable. {@link #toString()} shows the envelope only.
 */
public final class CredentialRecord {
    private final Envelope envelope;
    private final Encryption encryption;
    private final byte[] payload;

    public CredentialRecord(Envelope envelope, Encryption encryption, byte[] payload) {
        this.envelope = envelope;
        this.encryption = encryption;
        this.payload = payload.clone();
    }

    public Envelope envelope() {
        return envelope;
    }

    /** The same login in another health. */
    public CredentialRecord with(Health health) {
        return new CredentialRecord(envelope.with(health), encryption, payload);
    }

    /** How the payload is protected. */
    public Encryption encryption() {
        return encryption;
    }

    /** The sealed {@code auth.json}, as a copy. */
    public byte[] payload() {
        return payload.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CredentialRecord that
                && envelope.equals(that.envelope)
                && encryption == that.encryption
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return envelope.hashCode();
    }

    @Override
    public String toString() {
        return "CredentialRecord[" + envelope + ", encryption=" + encryption + "]";
    }
}
