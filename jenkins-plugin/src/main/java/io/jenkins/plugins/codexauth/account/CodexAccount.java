package io.jenkins.plugins.codexauth.account;

import io.github.codexauth.CredentialId;
import io.jenkins.plugins.codexauth.lease.JenkinsCredentialStore;

/**
 * A Codex account in its place.
 *
 * @param place the full name of the folder it belongs to; empty for Jenkins itself
 * @param id its id, of which another place may have one of its own
 * @param credential what a person pasted
 * @param store where its login is
 */
public record CodexAccount(
        String place, CredentialId id, CodexAccountCredentials credential, JenkinsCredentialStore store) {
    /** What to call it: {@code codex-ci}, or {@code team/codex-ci}. */
    public String fullName() {
        return place.isEmpty() ? id.value() : place + "/" + id.value();
    }
}
