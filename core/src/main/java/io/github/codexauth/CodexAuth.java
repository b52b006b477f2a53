package io.github.codexauth;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How a job signs in to Codex. Exactly one of these holds for a job. */
public sealed interface CodexAuth {
    /**
     * The variables by which Codex, up to 0.171.0, finds a credential, in its order of precedence: workload identity,
     * API key, access token. Each mode sets its own and has to remove the others, since any of them would win over, or
     * be mixed with, the one that was meant.
     */
    List<String> CREDENTIAL_VARIABLES = List.of(
            "OPENAI_FEDERATION_RULE_ID",
            "OPENAI_IDENTITY_TOKEN_FILE",
            "OPENAI_IDENTITY_TOKEN_SOURCE",
            "OPENAI_SPIFFE_AUDIENCE",
            "OPENAI_SPIFFE_ID",
            "SPIFFE_ENDPOINT_SOCKET",
            "CODEX_API_KEY",
            "CODEX_ACCESS_TOKEN");

    /** Of these, what a machine has for other purposes, too: alone it signs nobody in, and is no second credential. */
    Set<String> NOT_CODEXS_ALONE = Set.of("SPIFFE_ENDPOINT_SOCKET");

    /** The credentials that lie in an environment beside the one that was meant, by the names of their variables. */
    static List<String> credentialsIn(Map<String, String> environment) {
        List<String> present = new ArrayList<>();
        for (String variable : CREDENTIAL_VARIABLES) {
            if (!NOT_CODEXS_ALONE.contains(variable)
                    && !environment.getOrDefault(variable, "").isBlank()) {
                present.add(variable);
            }
        }
        return present;
    }

    /** Which way it is. */
    SignInMode mode();

    /** The variables that hand the credential to Codex; for a managed login none, since Codex reads its file. */
    Map<String, String> variables();

    /** Every secret that is known before the job starts, for log masks. */
    List<SecretText> secrets();

    /** An OpenAI API key: the right default for automation. */
    record ApiKey(SecretText key) implements CodexAuth {
        /** @throws InvalidCredentialException if the key is something else, such as a pasted {@code auth.json} */
        public static ApiKey of(String text) throws InvalidCredentialException {
            return new ApiKey(CredentialText.require(SignInMode.API_KEY, text, "--api-key-file"));
        }

        @Override
        public SignInMode mode() {
            return SignInMode.API_KEY;
        }

        @Override
        public Map<String, String> variables() {
            return Map.of("CODEX_API_KEY", key.reveal());
        }

        @Override
        public List<SecretText> secrets() {
            return List.of(key);
        }
    }

    /** An access token of a ChatGPT Business or Enterprise workspace. */
    record AccessToken(SecretText token) implements CodexAuth {
        /** @throws InvalidCredentialException if the token is something else, such as an API key */
        public static AccessToken of(String text) throws InvalidCredentialException {
            return new AccessToken(CredentialText.require(SignInMode.ACCESS_TOKEN, text, "--access-token-file"));
        }

        /** Whether it is sent as it is; with an agent's Codex signs. */
        public boolean isPersonal() {
            return token.reveal().startsWith("at-");
        }

        @Override
        public SignInMode mode() {
            return SignInMode.ACCESS_TOKEN;
        }

        @Override
        public Map<String, String> variables() {
            return Map.of("CODEX_ACCESS_TOKEN", token.reveal());
        }

        @Override
        public List<SecretText> secrets() {
            return List.of(token);
        }
    }

    /**
     * Workload identity federation: the CI's own signed token is exchanged by Codex, and nothing is stored.
     *
     * @param federationRuleId the rule that OpenAI's administrators created
     * @param identityTokenFile absolute; kept fresh by its owner, who replaces it by an atomic rename
     */
    record WorkloadIdentity(String federationRuleId, Path identityTokenFile) implements CodexAuth {
        /** @throws IllegalArgumentException if the rule is blank or the path is not absolute */
        public WorkloadIdentity {
            if (federationRuleId.isBlank()) {
                throw new IllegalArgumentException("the federation rule id is empty");
            }
            if (!identityTokenFile.isAbsolute()) {
                throw new IllegalArgumentException("the identity token file must be an absolute path");
            }
        }

        @Override
        public SignInMode mode() {
            return SignInMode.WORKLOAD_IDENTITY;
        }

        @Override
        public Map<String, String> variables() {
            return Map.of(
                    "OPENAI_FEDERATION_RULE_ID",
                    federationRuleId,
                    "OPENAI_IDENTITY_TOKEN_FILE",
                    identityTokenFile.toString());
        }

        @Override
        public List<SecretText> secrets() {
            return List.of();
        }
    }

    /**
     * A ChatGPT login that Codex keeps refreshing, taken from a store for as long as the job runs.
     *
     * @param ids the credentials the job may use, at least one; several are a pool, of which any free one serves
     */
    record Managed(List<CredentialId> ids) implements CodexAuth {
        /** @throws IllegalArgumentException if there is no id */
        public Managed {
            ids = List.copyOf(ids);
            if (ids.isEmpty()) {
                throw new IllegalArgumentException("a managed credential needs an id");
            }
        }

        @Override
        public SignInMode mode() {
            return SignInMode.MANAGED;
        }

        @Override
        public Map<String, String> variables() {
            return Map.of();
        }

        @Override
        public List<SecretText> secrets() {
            return List.of();
        }
    }
}
