package io.jenkins.plugins.codexauth.trust;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.model.Job;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import io.github.codexauth.OneLine;
import io.github.codexauth.trust.Refusal;
import java.util.List;
import java.util.Optional;
import org.springframework.security.core.Authentication;

/**
 * Whether the user as whom a job's builds run may use credentials there. The rules are those of the Credentials plugin.
 */
record CredentialUse(Job<?, ?> job) {
    /** As whom the job's builds run. */
    Authentication authentication() {
        return job instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
    }

    /** What speaks against any credential of the job and its folders. */
    Optional<Refusal> refusal() {
        return mayUse() ? Optional.empty() : Optional.of(refusal("a credential"));
    }

    /** What speaks against a credential that a build named. */
    Optional<Refusal> refusal(Run<?, ?> build, String credential) {
        // What the build can find may be a user's own, which needs no permission on the job.
        return mayUse()
                        || CredentialsProvider.findCredentialById(
                                        credential, StandardCredentials.class, build, List.of())
                                != null
                ? Optional.empty()
                : Optional.of(refusal("credential '" + OneLine.of(credential) + "'"));
    }

    private boolean mayUse() {
        Authentication user = authentication();
        return ACL.SYSTEM2.equals(user) || job.getACL().hasPermission2(user, CredentialsProvider.USE_ITEM);
    }

    private Refusal refusal(String what) {
        return new Refusal(
                what + " may not be used by the builds of '" + OneLine.of(job.getFullName()) + "', which run as '"
                        + OneLine.of(authentication().getName()) + "'",
                "give that user Credentials/UseItem on the job (Job/Configure includes it), or let the job run as another in"
                        + " Authorization > Configure Build Authorization");
    }
}
