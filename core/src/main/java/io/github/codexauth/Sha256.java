package io.github.codexauth;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which every Java platform has to provide. */
public final class Sha256 {
    private Sha256() {}

    /** The hash as 64 lower-case hex digits. */
    public static String hex(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("this Java has no SHA-256", impossible);
        }
    }

    /** The first 12 hex digits, enough to tell things apart for a person. */
    static String fingerprint(byte[] bytes) {
        return hex(bytes).substring(0, 12);
    }
}
