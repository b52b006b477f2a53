package io.github.codexauth.stores.vault;

import io.github.codexauth.SecretText;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.PasswordSource;
import io.github.codexauth.stores.remote.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What we show to the server, as it is now: an agent, a kubelet or a CI replaces it long before it ends.
 *
 * @param file where it lies; empty if the other gives it
 * @param given what the user named otherwise, which counts first
 */
record Shown(Optional<Path> file, PasswordSource given) {
    /** What a CI or a server gives out is below 8 KiB. */
    private static final int LONGEST = 64 * 1024;

    /** @throws Failure if there is none */
    SecretText read() throws Failure {
        try {
            Optional<SecretText> named = given.read();
            return named.isPresent() ? named.get() : fromFile();
        } catch (StoreUnavailableException e) {
            throw new Failure(Failure.Kind.REFUSED, e);
        }
    }

    private SecretText fromFile() throws StoreUnavailableException {
        if (file.isEmpty()) {
            throw new StoreUnavailableException(
                    "there is nothing to sign in to the store with",
                    "name a file in the address: &jwt=/FILE of a job's signed token, &token=/FILE of one of the"
                            + " server's; or: --store-password-command 'COMMAND THAT PRINTS IT'");
        }
        String text;
        try (InputStream in = Files.newInputStream(file.get())) {
            text = new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    "there is no token for the store that this user can read: " + file.get(),
                    "see whether what writes it runs, and as whom");
        }
        if (!text.matches("[!-~]+")) {
            throw new StoreUnavailableException(
                    "what lies in " + file.get() + " is no token", "put the token there, on one line");
        }
        return SecretText.of(text);
    }

    @Override
    public String toString() {
        return "Shown[****]";
    }
}
