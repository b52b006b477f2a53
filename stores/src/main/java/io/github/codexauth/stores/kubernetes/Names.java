package io.github.codexauth.stores.kubernetes;

import io.github.codexauth.CredentialId;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What the objects of a store are called. A credential's Secret and its Lease have one name; the line and the
 * doorbell have names that no credential can have, since theirs have a dot.
 *
 * @param prefix the store's
 */
record Names(String prefix) {
    /** Nearly every credential id is a name of Kubernetes as it is. */
    private static final Pattern LEGAL =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    private static final String ENCODED = "x--";

    String of(CredentialId id) {
        String value = id.value();
        boolean asItIs = LEGAL.matcher(value).matches() && !value.startsWith(ENCODED);
        return prefix + "."
                + (asItIs ? value : ENCODED + HexFormat.of().formatHex(value.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Who waits, in order. */
    String line() {
        return prefix + "--line";
    }

    /** Rung when a credential is given back: the only thing that is watched. */
    String bell() {
        return prefix + "--bell";
    }
}
