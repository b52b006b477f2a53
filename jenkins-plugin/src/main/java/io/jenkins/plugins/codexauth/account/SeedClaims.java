package io.jenkins.plugins.codexauth.account;

import hudson.Extension;
import hudson.ExtensionList;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.login.Seed;
import io.github.codexauth.store.Descent;
import io.github.codexauth.store.Envelope;
import io.jenkins.plugins.codexauth.lease.ControllerStores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import jenkins.security.HMACConfidentialKey;

/**
 * Which account of this controller a pasted login belongs to, so that the same {@code auth.json} under a second id is
 * noticed before its refresh token is used there once more.
 *
 * <p>A login is claimed by the first account whose build starts from it: a small file whose name is the refresh token's
 * fingerprint under a key of this controller. Asking costs one read, however many accounts there are. Safe for use by
 * several threads.
 */
@Extension
public final class SeedClaims {
    private static final HMACConfidentialKey KEY = new HMACConfidentialKey(SeedClaims.class, "pasted-login");
    private static final int LONGEST = 64 * 1024;

    public static SeedClaims get() {
        return ExtensionList.lookupSingleton(SeedClaims.class);
    }

    /**
     * Claims a login for an account.
     *
     * @param stored what is stored of the account
     * @return the full name of the other account that has it, and then nothing was changed
     * @throws IOException if the claim could not be read or written down
     */
    public synchronized Optional<String> claim(String account, Seed seed, Optional<Envelope> stored)
            throws IOException {
        String owner = read(file(seed));
        Optional<String> other = other(account, owner, seed, stored);
        if (other.isEmpty() && !account.equals(owner)) {
            PrivateFiles.createFolder(folder());
            PrivateFiles.replace(file(seed), account.getBytes(StandardCharsets.UTF_8));
        }
        return other;
    }

    /**
     * The full name of the other account that has claimed a login; empty if none has, if its credential is gone, or if
     * this account's stored login is refreshed from it already: then it is this one that had it first.
     */
    public synchronized Optional<String> other(String account, Seed seed, Optional<Envelope> stored)
            throws IOException {
        return other(account, read(file(seed)), seed, stored);
    }

    private static Optional<String> other(String account, String owner, Seed seed, Optional<Envelope> stored) {
        boolean isOurs = owner.isEmpty()
                || owner.equals(account)
                || stored.filter(login -> isRefreshedFrom(seed, login)).isPresent();
        return isOurs || !Accounts.isThere(owner) ? Optional.empty() : Optional.of(owner);
    }

    private static boolean isRefreshedFrom(Seed seed, Envelope stored) {
        String token = seed.auth().refreshTokenFingerprint();
        return stored.seeds().contains(token)
                && stored.descent()
                        .map(Descent::token)
                        .map(now -> !now.equals(token))
                        .orElse(stored.generation() > 1);
    }

    private static String read(Path file) throws IOException {
        return PrivateFiles.read(file, LONGEST)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("");
    }

    private static Path file(Seed seed) {
        return folder().resolve(KEY.mac(seed.auth().refreshTokenFingerprint()));
    }

    private static Path folder() {
        return ControllerStores.root().resolve("claims");
    }
}
