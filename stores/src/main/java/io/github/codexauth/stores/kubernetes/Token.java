package io.github.codexauth.stores.kubernetes;

import io.github.codexauth.SecretText;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.PasswordSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The token that we are known by, as it is now: the kubelet replaces a projected one long before it ends.
 *
 * @param file where it lies; empty if the other gives it
 * @param given what the user named otherwise, which counts first
 */
record Token(Optional<Path> file, PasswordSource given) {
    /** What a cluster gives out is below 4 KiB. */
    private static final int LONGEST = 64 * 1024;

    /** @throws StoreUnavailableException if there is none */
    SecretText read() throws StoreUnavailableException {
        Optional<SecretText> named = given.read();
        if (named.isPresent()) {
            return usable(named.get().reveal(), "what was given for the store's password");
        }
        if (file.isEmpty()) {
            throw new StoreUnavailableException(
                    "the cluster's server is named, and no token for it",
                    "name its file in the address: &token=/FILE; or: --store-password-command 'COMMAND THAT PRINTS IT'");
        }
        try (InputStream in = Files.newInputStream(file.get())) {
            String text = new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII);
            return usable(text.strip(), "what lies in " + file.get());
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    "there is no token of a service account that this user can read: " + file.get(),
                    "in a pod: automountServiceAccountToken: true; elsewhere name the server and the token's file: "
                            + ClusterAddress.EXAMPLE + "?server=https://HOST:6443&ca=/FILE&token=/FILE");
        }
    }

    /** What is no word would be refused by Java's client, with a sentence that quotes it. */
    private static SecretText usable(String text, String what) throws StoreUnavailableException {
        if (!text.matches("[!-~]+")) {
            throw new StoreUnavailableException(what + " is no token", "put the token there, on one line");
        }
        return SecretText.of(text);
    }

    @Override
    public String toString() {
        return "Token[****]";
    }
}
