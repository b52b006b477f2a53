package io.github.codexauth.runner.input;

import io.github.codexauth.CredentialId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one way of signing in among everything that was given.
 *
 * @param apiKeyFile {@code --api-key-file}
 * @param accessTokenFile {@code --access-token-file}
 * @param federationRule {@code --federation-rule}
 * @param identityTokenFile {@code --identity-token-file}
 * @param id {@code --id}
 * @param pool {@code --pool}
 * @param seedFile {@code --seed-file}
 */
public record SignInChoice(
        @Nullable Path apiKeyFile,
        @Nullable Path accessTokenFile,
        @Nullable String federationRule,
        @Nullable Path identityTokenFile,
        @Nullable String id,
        @Nullable String pool,
        @Nullable Path seedFile) {
    private static final String ONE_OF =
            "--id NAME (a login in the store), --api-key-file FILE, --access-token-file FILE, or --federation-rule ID with"
                    + " --identity-token-file FILE";

    /** One way that was given, and the words by which. */
    private record Found(String by, SignIn signIn) {}

    /**
     * The one way that was chosen.
     *
     * @throws UsageException if none was, or several, or one only half
     */
    public SignIn in(Inputs inputs) throws UsageException, UnreadableInputException {
        return only(inputs, "give one of " + ONE_OF).signIn();
    }

    /**
     * The login in the store that was chosen, for a command that works with nothing else.
     *
     * @throws UsageException if none was, or several, or a variable gives another way of signing in
     */
    public SignIn.Managed managed(Inputs inputs) throws UsageException, UnreadableInputException {
        Found found = only(inputs, "name a login in the store: --id NAME");
        if (found.signIn() instanceof SignIn.Managed managed) {
            return managed;
        }
        throw new UsageException(
                "this works with a login in the store, and " + found.by() + " gives another way to sign in ("
                        + found.signIn().mode().label() + ")",
                "run the job with it: codex-auth run -- COMMAND, in the GitHub step the input 'run'; or name a login: unset "
                        + found.by() + ", and add --id NAME");
    }

    private Found only(Inputs inputs, String ifNone) throws UsageException, UnreadableInputException {
        List<Found> found = new ArrayList<>();
        inputs.secret(apiKeyFile, "--api-key-file", "API_KEY")
                .ifPresent(source -> found.add(new Found(source.option(), new SignIn.ApiKey(source))));
        inputs.secret(accessTokenFile, "--access-token-file", "ACCESS_TOKEN")
                .ifPresent(source -> found.add(new Found(source.option(), new SignIn.AccessToken(source))));
        workloadIdentity(inputs).ifPresent(found::add);
        storedLogin(inputs).ifPresent(found::add);
        if (found.isEmpty()) {
            throw new UsageException("no way to sign in was given", ifNone);
        }
        if (found.size() > 1) {
            throw new UsageException(
                    "several ways to sign in were given: "
                            + String.join(", ", found.stream().map(Found::by).toList()),
                    "keep exactly one of them");
        }
        return found.get(0);
    }

    private Optional<Found> workloadIdentity(Inputs inputs) throws UsageException, UnreadableInputException {
        Optional<String> rule = inputs.text(federationRule, "FEDERATION_RULE");
        Optional<Path> tokenFile = inputs.file(identityTokenFile, "IDENTITY_TOKEN_FILE");
        if (rule.isEmpty() && tokenFile.isEmpty()) {
            return Optional.empty();
        }
        if (rule.isEmpty() || tokenFile.isEmpty()) {
            throw new UsageException(
                    "workload identity needs the federation rule and the identity token file, and "
                            + (rule.isEmpty() ? "the rule" : "the file") + " is missing",
                    "add " + (rule.isEmpty() ? "--federation-rule ID" : "--identity-token-file FILE"));
        }
        return Optional.of(new Found(
                federationRule == null ? Inputs.PREFIX + "FEDERATION_RULE" : "--federation-rule",
                new SignIn.WorkloadIdentity(rule.get(), tokenFile.get())));
    }

    private Optional<Found> storedLogin(Inputs inputs) throws UsageException, UnreadableInputException {
        Optional<String> one = inputs.text(id, "ID");
        Optional<String> several = inputs.text(pool, "POOL");
        Optional<SecretSource> seed = inputs.secret(seedFile, "--seed-file", "JSON");
        if (one.isPresent() && several.isPresent()) {
            throw new UsageException("both a credential (--id) and a pool (--pool) were given", "keep one of them");
        }
        if (one.isPresent()) {
            return Optional.of(new Found(
                    id == null ? Inputs.PREFIX + "ID" : "--id",
                    new SignIn.Managed(new SignIn.One(credentialId(one.get())), seed)));
        }
        if (several.isPresent()) {
            if (seed.isPresent()) {
                throw new UsageException(
                        "a seed (" + seed.get().option() + ") belongs to one credential, and --pool names several",
                        "seed each by itself: codex-auth seed --id " + several.get() + ".1 --seed-file auth.json");
            }
            return Optional.of(new Found(
                    pool == null ? Inputs.PREFIX + "POOL" : "--pool",
                    new SignIn.Managed(new SignIn.Pool(credentialId(several.get())), Optional.empty())));
        }
        if (seed.isPresent()) {
            throw new UsageException(
                    "a login was given (" + seed.get().option() + "), but no name to keep it under",
                    "add --id NAME, such as --id codex-ci, and keep that name");
        }
        return Optional.empty();
    }

    /**
     * Reads an id.
     *
     * @throws UsageException if it is none
     */
    public static CredentialId credentialId(String text) throws UsageException {
        try {
            return new CredentialId(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), "choose a name such as codex-ci");
        }
    }
}
