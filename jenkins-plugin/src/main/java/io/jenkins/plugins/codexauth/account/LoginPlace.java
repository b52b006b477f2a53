package io.jenkins.plugins.codexauth.account;

import io.github.codexauth.CredentialId;
import io.github.codexauth.login.RescueArea;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.CredentialStore;
import io.jenkins.plugins.codexauth.lease.JenkinsCredentialStore;
import java.nio.file.Path;

/**
 * Where an account's login is, and how it is protected there.
 *
 * @param store where it is
 * @param atRest how it is encrypted there
 * @param rescue where its next states go that the store does not take; on this controller
 * @param isElsewhere whether others than this controller's builds use it, too
 */
public record LoginPlace(CredentialStore store, AtRest atRest, RescueArea rescue, boolean isElsewhere) {
    private static final AtRest BY_JENKINS = AtRest.by(new JenkinsSealer());

    /** On this controller. */
    public static LoginPlace here(JenkinsCredentialStore store, CredentialId id) {
        return new LoginPlace(store, BY_JENKINS, new RescueArea(() -> rescueFolder(store, id)), false);
    }

    /** The folder of this controller with what a login's store does not take. */
    static Path rescueFolder(JenkinsCredentialStore store, CredentialId id) {
        return store.folder(id).resolve("rescue");
    }
}
