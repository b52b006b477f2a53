package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.policy.TrustCheck;
import io.github.codexauth.runner.policy.Verdict;
import io.github.codexauth.trust.CredentialRequest;
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

    Verdict judge(Surroundings here, CredentialRequest request) throws CodexAuthException {
        return new TrustCheck(here.environment(), here.clock(), here.machine().policy())
                .judge(request, here.inputs().path(policy.value(), "POLICY"));
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
