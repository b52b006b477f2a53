package io.github.codexauth.handover;

import io.github.codexauth.SecretText;
import io.github.codexauth.files.PrivateFiles;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.OptionalLong;

/**
 * What stands in the place of a refresh token. It is worth something at one session's loopback address alone, and
 * nothing once that session has ended.
 *
 * <p>It says which state of the login it came with, so that of several Codex processes that ask for the next one only
 * the first makes anybody refresh. Immutable and safe for use by several threads.
 */
public final class Placeholder {
    private static final int RANDOM_BYTES = 24;
    private static final String MARK = "placeholder-of-codex-auth-";

    private final String stem;

    private Placeholder(String stem) {
        this.stem = stem;
    }

    /** One that nobody can guess. */
    public static Placeholder random() {
        return new Placeholder(randomWord() + ".");
    }

    /** The one whose {@link #stem} was written down. */
    public static Placeholder of(SecretText stem) {
        return new Placeholder(stem.reveal());
    }

    /** What all its states have in common, for a host that has to outlive its own process. */
    public SecretText stem() {
        return SecretText.of(stem);
    }

    /** What any placeholder consists of: it says what it is, and nobody can guess it. */
    static String randomWord() {
        return MARK + PrivateFiles.randomHex(RANDOM_BYTES);
    }

    /** In the place of the refresh token of this state. */
    public SecretText at(long generation) {
        return SecretText.of(stem + generation);
    }

    /**
     * Which state it came with; empty if it is another session's, or nobody's. Takes the same time for every wrong one.
     */
    OptionalLong generationOf(String token) {
        byte[] given =
                token.substring(0, Math.min(token.length(), stem.length())).getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(given, stem.getBytes(StandardCharsets.UTF_8))) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseUnsignedLong(token.substring(stem.length())));
        } catch (NumberFormatException altered) {
            return OptionalLong.empty();
        }
    }
}
