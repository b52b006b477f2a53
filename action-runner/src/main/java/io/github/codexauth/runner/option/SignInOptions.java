package io.github.codexauth.runner.option;

import io.github.codexauth.CredentialId;
import io.github.codexauth.UsageException;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.SecretSource;
import io.github.codexauth.runner.input.SignIn;
import io.github.codexauth.runner.input.UnreadableInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The ways to sign in, of which a job takes exactly one. */
public final class SignInOptions {
    private static final ValueOption<SecretSource> API_KEY_FILE =
            ValueOption.secret("--api-key-file", "API_KEY", "OpenAI API key.");

    private static final ValueOption<SecretSource> ACCESS_TOKEN_FILE =
            ValueOption.secret("--access-token-file", "ACCESS_TOKEN", "Access token of a ChatGPT workspace.");

    private static final ValueOption<String> FEDERATION_RULE =
            ValueOption.text("--federation-rule", "FEDERATION_RULE", "ID", "Workload identity: the federation rule.");

    private static final ValueOption<Path> IDENTITY_TOKEN_FILE = ValueOption.file(
            "--identity-token-file", "IDENTITY_TOKEN_FILE", "Workload identity: the file with the CI's signed token.");

    private static final ValueOption<String> IDENTITY_AUDIENCE = ValueOption.text(
            "--identity-audience",
            "IDENTITY_AUDIENCE",
            "AUDIENCE",
            "Workload identity, in GitHub Actions: ask for a token for this audience, and keep it fresh, in the place of"
                    + " a file.");

    /** In the order in which help shows them. */
    public static final List<Option> ALL = List.of(
            Options.ID.described("Managed login: the store's credential to use."),
            Options.POOL.described("Managed login: any free credential whose id begins with 'NAME.'."),
            Options.SEED_FILE.described("Managed login: the auth.json to start from if the store has none."),
            API_KEY_FILE,
            ACCESS_TOKEN_FILE,
            FEDERATION_RULE,
            IDENTITY_TOKEN_FILE,
            IDENTITY_AUDIENCE);

    private static final String ONE_OF =
            "--id NAME (a login in the store), --api-key-file FILE, --access-token-file FILE, or --federation-rule ID with"
                    + " --identity-token-file FILE or --identity-audience AUDIENCE";

    private final Inputs inputs;

    public SignInOptions(Inputs inputs) {
        this.inputs = inputs;
    }

    /** One way that was given, and the words by which. */
    private record Found(String by, SignIn signIn) {}

    /**
     * The one way that was chosen. Nothing is read yet.
     *
     * @throws UsageException if none was, or several, or one only half
     */
    public SignIn choose() throws UsageException, UnreadableInputException {
        return only("give one of " + ONE_OF).signIn();
    }

    /**
     * The login in the store that was chosen, for a command that works with nothing else.
     *
     * @throws UsageException if none was, or several, or a variable gives another way of signing in
     */
    public SignIn.Managed chooseManaged() throws UsageException, UnreadableInputException {
        Found found = only("name a login in the store: --id NAME");
        if (found.signIn() instanceof SignIn.Managed managed) {
            return managed;
        }
        throw new UsageException(
                "this works with a login in the store, and " + found.by() + " gives another way to sign in ("
                        + found.signIn().mode().label() + ")",
                "run the job with it: codex-auth run -- COMMAND, in the GitHub step the input 'run'; or name a login: unset "
                        + found.by() + ", and add --id NAME");
    }

    private Found only(String ifNone) throws UsageException, UnreadableInputException {
        List<Found> found = new ArrayList<>();
        Optional<SecretSource> apiKey = API_KEY_FILE.in(inputs);
        if (apiKey.isPresent()) {
            found.add(new Found(apiKey.get().option(), new SignIn.ApiKey(apiKey.get())));
        }
        Optional<SecretSource> accessToken = ACCESS_TOKEN_FILE.in(inputs);
        if (accessToken.isPresent()) {
            found.add(new Found(accessToken.get().option(), new SignIn.AccessToken(accessToken.get())));
        }
        Optional<Found> identity = workloadIdentity();
        if (identity.isPresent()) {
            found.add(identity.get());
        }
        Optional<Found> login = storedLogin();
        if (login.isPresent()) {
            found.add(login.get());
        }
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

    private Optional<Found> workloadIdentity() throws UsageException, UnreadableInputException {
        Optional<String> rule = FEDERATION_RULE.in(inputs);
        Optional<Path> tokenFile = IDENTITY_TOKEN_FILE.in(inputs);
        Optional<String> audience = IDENTITY_AUDIENCE.in(inputs);
        boolean token = tokenFile.isPresent() || audience.isPresent();
        if (rule.isEmpty() && !token) {
            return Optional.empty();
        }
        if (rule.isEmpty() || !token) {
            throw new UsageException(
                    "workload identity needs the federation rule and an identity token, and "
                            + (rule.isEmpty() ? "the rule" : "the token") + " is missing",
                    "add "
                            + (rule.isEmpty()
                                    ? "--federation-rule ID"
                                    : "--identity-token-file FILE, or in GitHub Actions --identity-audience AUDIENCE"));
        }
        if (tokenFile.isPresent() && audience.isPresent()) {
            throw new UsageException(
                    "both a file with the identity token (" + IDENTITY_TOKEN_FILE.by(inputs)
                            + ") and an audience to ask one for (" + IDENTITY_AUDIENCE.by(inputs) + ") were given",
                    "keep one of them");
        }
        return Optional.of(new Found(
                FEDERATION_RULE.by(inputs),
                tokenFile.isPresent()
                        ? new SignIn.WorkloadIdentity(rule.get(), tokenFile.get())
                        : new SignIn.AskedIdentity(rule.get(), audience.orElseThrow())));
    }

    private Optional<Found> storedLogin() throws UsageException, UnreadableInputException {
        Optional<CredentialId> one = Options.ID.in(inputs);
        Optional<CredentialId> several = Options.POOL.in(inputs);
        Optional<SecretSource> seed = Options.SEED_FILE.in(inputs);
        if (one.isPresent() && several.isPresent()) {
            throw new UsageException("both a credential (--id) and a pool (--pool) were given", "keep one of them");
        }
        if (one.isPresent()) {
            return Optional.of(new Found(Options.ID.by(inputs), new SignIn.Managed(new SignIn.One(one.get()), seed)));
        }
        if (several.isPresent()) {
            if (seed.isPresent()) {
                throw new UsageException(
                        "a seed (" + seed.get().option() + ") belongs to one credential, and --pool names several",
                        "seed each by itself: codex-auth seed --id " + several.get() + ".1 --seed-file auth.json");
            }
            return Optional.of(new Found(
                    Options.POOL.by(inputs), new SignIn.Managed(new SignIn.Pool(several.get()), Optional.empty())));
        }
        if (seed.isPresent()) {
            throw new UsageException(
                    "a login was given (" + seed.get().option() + "), but no name to keep it under",
                    "add --id NAME, such as --id codex-ci, and keep that name");
        }
        return Optional.empty();
    }
}
