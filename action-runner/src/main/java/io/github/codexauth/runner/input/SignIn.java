package io.github.codexauth.runner.input;

import io.github.codexauth.CodexAuth;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.SignInMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Which way of signing in the user chose, and where its secret lies. Nothing is read yet. */
public sealed interface SignIn {
    /** Which way it is. */
    SignInMode mode();

    /** The names in the store that were given: of a login, or of a pool; none for a credential that is handed to us. */
    List<CredentialId> names();

    /** A credential that the user hands to us, and that nobody has to write back. */
    sealed interface Given extends SignIn {
        @Override
        default List<CredentialId> names() {
            return List.of();
        }

        /**
         * Reads the credential.
         *
         * @throws CodexAuthException if it cannot be read, or is something else than it should be
         */
        CodexAuth read() throws CodexAuthException;

        /** The file with the secret, or the folder around it, which the model's commands have no business with. */
        Optional<Path> file();

        /** The variables in which the job gets a secret, rather than the name of a file. */
        List<String> secretVariables();
    }

    /** An OpenAI API key. */
    record ApiKey(SecretSource source) implements Given {
        @Override
        public SignInMode mode() {
            return SignInMode.API_KEY;
        }

        @Override
        public CodexAuth read() throws CodexAuthException {
            return CodexAuth.ApiKey.of(source.readText(SecretLimits.TOKEN));
        }

        @Override
        public Optional<Path> file() {
            return source.file();
        }

        @Override
        public List<String> secretVariables() {
            return List.of("CODEX_API_KEY");
        }
    }

    /** An access token of a ChatGPT workspace. */
    record AccessToken(SecretSource source) implements Given {
        @Override
        public SignInMode mode() {
            return SignInMode.ACCESS_TOKEN;
        }

        @Override
        public CodexAuth read() throws CodexAuthException {
            return CodexAuth.AccessToken.of(source.readText(SecretLimits.TOKEN));
        }

        @Override
        public Optional<Path> file() {
            return source.file();
        }

        @Override
        public List<String> secretVariables() {
            return List.of("CODEX_ACCESS_TOKEN");
        }
    }

    /**
     * Workload identity federation.
     *
     * @param hidden what the model's commands have no business with: the file, or the folder that is its alone
     */
    record WorkloadIdentity(String federationRule, Path identityTokenFile, Path hidden) implements Given {
        public WorkloadIdentity(String federationRule, Path identityTokenFile) {
            this(federationRule, identityTokenFile, identityTokenFile);
        }

        @Override
        public SignInMode mode() {
            return SignInMode.WORKLOAD_IDENTITY;
        }

        @Override
        public CodexAuth read() {
            return new CodexAuth.WorkloadIdentity(federationRule, identityTokenFile.toAbsolutePath());
        }

        @Override
        public Optional<Path> file() {
            return Optional.of(hidden);
        }

        @Override
        public List<String> secretVariables() {
            return List.of();
        }
    }

    /**
     * Workload identity federation with a token that the CI system is asked for.
     *
     * @param audience whom the token is for
     */
    record AskedIdentity(String federationRule, String audience) implements SignIn {
        @Override
        public SignInMode mode() {
            return SignInMode.WORKLOAD_IDENTITY;
        }

        @Override
        public List<CredentialId> names() {
            return List.of();
        }

        /** The same with a token that lies in this file, which has a folder of its own. */
        public WorkloadIdentity lyingIn(Path folder, Path file) {
            return new WorkloadIdentity(federationRule, file, folder);
        }
    }

    /** A login kept in a store. */
    record Managed(Choice choice, Optional<SecretSource> seed) implements SignIn {
        @Override
        public SignInMode mode() {
            return SignInMode.MANAGED;
        }

        @Override
        public List<CredentialId> names() {
            return List.of(choice.name());
        }
    }

    /** Which of the store's credentials will do. */
    sealed interface Choice {
        /** The name that was given. */
        CredentialId name();
    }

    /** Exactly this one. */
    record One(CredentialId name) implements Choice {}

    /**
     * Any free one of a pool.
     *
     * @param name stands for every stored credential whose id is the name, a dot, and something
     */
    record Pool(CredentialId name) implements Choice {
        /** Whether a credential belongs to this pool. */
        public boolean contains(CredentialId id) {
            return id.value().startsWith(name.value() + ".");
        }
    }
}
