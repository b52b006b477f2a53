package io.jenkins.plugins.codexauth.trust;

import hudson.model.Item;
import hudson.model.Job;
import hudson.security.AuthorizationStrategy;
import io.github.codexauth.OneLine;
import io.github.codexauth.trust.Refusal;
import java.util.Optional;
import jenkins.model.Jenkins;

/**
 * Whether strangers can look into a job: what Codex says there is public then.
 *
 * @param readersAllowed whether the administrator allows that
 */
record JobExposure(Job<?, ?> job, boolean readersAllowed) {
    Optional<Refusal> refusal() {
        Jenkins jenkins = Jenkins.get();
        if (!jenkins.isUseSecurity() || jenkins.getAuthorizationStrategy() instanceof AuthorizationStrategy.Unsecured) {
            return Optional.of(
                    new Refusal(
                            "security is off, and everybody may change every job",
                            "choose a security realm, and an authorization other than 'Anyone can do anything', in Manage Jenkins > Security"));
        }
        if (!readersAllowed && job.getACL().hasPermission2(Jenkins.ANONYMOUS2, Item.READ)) {
            return Optional.of(
                    new Refusal(
                            "anonymous may read the job '" + OneLine.of(job.getFullName()) + "'",
                            "take Job/Read from Anonymous, in Manage Jenkins > Security or in the folder's or job's own permissions"));
        }
        return Optional.empty();
    }
}
