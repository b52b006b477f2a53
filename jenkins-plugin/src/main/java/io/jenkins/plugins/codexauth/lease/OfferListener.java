package io.jenkins.plugins.codexauth.lease;

/**
 * Told what becomes of a turn that is good for nothing yet, since its build has no executor. Such a turn keeps its
 * place in the line and is never granted: it is offered, and whoever gets an executor first takes it with
 * {@link JenkinsCredentialStore#take}. Until then it holds up nobody, since those who wait with an executor could be
 * holding the very one that it needs.
 */
public interface OfferListener extends TurnListener {
    /** Nobody has the login now. */
    void offered();
}
