package io.github.codexauth.stores.vault;

import io.github.codexauth.CredentialId;
import io.github.codexauth.UsageException;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.PreparedStore.Weakness;
import io.github.codexauth.stores.remote.Attempts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What an operator sees to in a mount before runners come. */
record Place(VaultServer server) {
    private static final String USUAL_POLICY = "codex-auth-runner";

    /** Where one segment stands for any. */
    private static final String ANY = "+";

    /** @throws StoreUnavailableException if logins would not be safe in the mount as it is */
    void requireSafe() throws StoreUnavailableException {
        Attempts.repeat(() -> {
            server.requireSafe();
            return true;
        });
    }

    /**
     * Looks at the mount. There is nothing to be made in it.
     *
     * @param policy what the operator calls the policy
     * @param ids the credentials that runners may use; empty for all
     * @return the policy that runners need, in HCL
     * @throws UsageException if the policy's name is none
     */
    List<String> prepare(Optional<String> policy, List<CredentialId> ids)
            throws StoreUnavailableException, UsageException {
        String name = policy.orElse(USUAL_POLICY);
        if (!name.matches("[a-z0-9_][a-z0-9_.-]*")) {
            throw new UsageException(
                    "--runner-role names no policy of Vault", "name it as it is there: --runner-role " + USUAL_POLICY);
        }
        requireSafe();
        List<String> lines = new ArrayList<>();
        lines.add("# vault policy write " + name + " -");
        lines.add(rule(server.settings(), "read"));
        lines.add(rule(server.names(LoginEntries.FOLDER), "list"));
        lines.add(rule(server.data(Line.NAME), "create", "read", "update"));
        for (String id : ids.isEmpty()
                ? List.of(ANY)
                : ids.stream().map(CredentialId::value).toList()) {
            for (String folder : List.of(LoginEntries.FOLDER, LeaseEntries.FOLDER)) {
                lines.add(rule(server.data(folder + "/" + id), "create", "read", "update"));
            }
        }
        return lines;
    }

    private static String rule(String path, String... capabilities) {
        List<String> quoted =
                Stream.of(capabilities).map(one -> "\"" + one + "\"").toList();
        return "path \"" + path + "\" { capabilities = [" + String.join(", ", quoted) + "] }";
    }

    /** Rights that a runner has and should not: with them it could take away what keeps logins safe. */
    List<Weakness> weaknesses() throws StoreUnavailableException {
        Set<String> capabilities = Attempts.repeat(() -> server.capabilities(server.settings()));
        return capabilities.stream().anyMatch(Set.of("root", "sudo", "create", "update")::contains)
                ? List.of(new Weakness(
                        "our token may change the settings of the mount '"
                                + server.address().mount() + "'",
                        "print the policy that runners need: codex-auth store init --store …"))
                : List.of();
    }
}
