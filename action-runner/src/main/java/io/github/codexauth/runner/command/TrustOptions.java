package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.policy.TrustCheck;
import io.github.codexauth.runner.policy.Verdict;
import io.github.codexauth.trust.CredentialRequest;
import java.nio.file.Path;
import java.util.List;

/** Which policy judges the job. */
final class TrustOptions {
    private final Opt<Path> policy = Opt.path(
            "--policy", "FILE", "The operator's policy; default: /etc/codex-auth/policy.yaml. [CODEX_AUTH_POLICY]");

    Verdict judge(Surroundings here, CredentialRequest request) throws CodexAuthException {
        return new TrustCheck(here.environment(), here.clock(), here.machine().policy())
                .judge(request, here.inputs().path(policy.value(), "POLICY"));
    }

    List<Opt<?>> options() {
        return List.of(policy);
    }
}
