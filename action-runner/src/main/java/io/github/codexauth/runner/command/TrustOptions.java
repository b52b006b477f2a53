package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.input.SignIn;
import io.github.codexauth.runner.policy.TrustCheck;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.UntrustedJobException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Which policy judges the job. */
final class TrustOptions {
    private final Opt<Path> policy = Opt.path(
            "--policy",
            "FILE",
            "Where this machine has no /etc/codex-auth/policy.yaml, the operator's policy; else one that narrows the machine's."
                    + " [CODEX_AUTH_POLICY]");

    /** Gathers what is known of the job. */
    TrustCheck gather(Surroundings here) throws CodexAuthException {
        return TrustCheck.gather(
                here.environment(),
                here.clock(),
                here.machine().policy(),
                here.inputs().path(policy.value(), "POLICY"));
    }

    /**
     * The same, for a job that may sign in this way; a pool is judged by its name, before anybody looks who is in it.
     *
     * @throws UntrustedJobException if it may not
     */
    TrustCheck require(Surroundings here, SignIn signIn) throws CodexAuthException {
        unseen(here).ifPresent(unseen -> Console.messages(here).say(unseen.sentence()));
        TrustCheck check = gather(here);
        check.judge(new CredentialRequest(signIn.mode(), signIn.names())).require();
        return check;
    }

    /** A policy that may be meant to hold and is not seen, and how it would be. */
    record Unseen(String what, String fix) {
        String sentence() {
            return what + "; " + fix;
        }
    }

    /** What an operator should know who relies on the policy of a container's host. */
    Optional<Unseen> unseen(Surroundings here) {
        Path machines = here.machine().policy();
        return here.ownFolders().inImage() && Files.notExists(machines)
                ? Optional.of(new Unseen(
                        "this container has no " + machines + ", and cannot see whether its host has one",
                        "a policy of the host holds here if it is mounted: --volume=" + machines + ":" + machines
                                + ":ro"))
                : Optional.empty();
    }

    List<Opt<?>> options() {
        return List.of(policy);
    }
}
