package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.policy.TrustCheck;
import io.github.codexauth.runner.policy.Verdict;
import io.github.codexauth.trust.CredentialRequest;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which policy judges the job. */
final class TrustOptions {
    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "The operator's policy; default: /etc/codex-auth/policy.yaml. [CODEX_AUTH_POLICY]")
    private @Nullable Path policy;

    Verdict judge(Surroundings here, CredentialRequest request) throws CodexAuthException {
        return new TrustCheck(here.environment(), here.clock(), here.machine().policy())
                .judge(request, here.inputs().path(policy, "POLICY"));
    }
}
