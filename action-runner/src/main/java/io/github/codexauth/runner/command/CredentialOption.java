package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.SignInChoice;
import io.github.codexauth.runner.input.UsageException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which credential a command is about. */
final class CredentialOption {
    private final Opt<String> id = Opt.text("--id", "NAME", "The credential, such as codex-ci. [CODEX_AUTH_ID]");

    /** What was typed on the command line; null if nothing was. */
    @Nullable
    String typed() {
        return id.value();
    }

    Optional<CredentialId> named(Inputs inputs) throws CodexAuthException {
        Optional<String> name = inputs.text(id.value(), "ID");
        return name.isEmpty() ? Optional.empty() : Optional.of(SignInChoice.credentialId(name.get()));
    }

    CredentialId require(Inputs inputs) throws CodexAuthException {
        return named(inputs)
                .orElseThrow(() -> new UsageException(
                        "no credential was named", "add --id NAME; what there is shows: codex-auth status"));
    }

    List<Opt<?>> options() {
        return List.of(id);
    }
}
