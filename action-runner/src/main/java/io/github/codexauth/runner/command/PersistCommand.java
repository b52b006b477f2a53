package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.PathText;
import io.github.codexauth.runner.input.UsageException;
import io.github.codexauth.runner.job.SessionReport;
import io.github.codexauth.runner.process.SignalHandlers;
import io.github.codexauth.runner.process.SignalInbox;
import io.github.codexauth.session.CodexSession;
import io.github.codexauth.session.SessionEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The second half of run: saves what the steps in between made of the login. */
final class PersistCommand implements Subcommand {
    private static final String HOME = "CODEX_HOME";

    private final Surroundings here;

    private final CredentialOption credentialOption = new CredentialOption();

    private final Opt<Path> home =
            Opt.path("--home", "FOLDER", "The CODEX_HOME that restore made; default: $CODEX_HOME.");

    private final StoreOptions storeOptions = new StoreOptions();

    private final JsonOption json = new JsonOption();

    PersistCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public String name() {
        return "persist";
    }

    @Override
    public List<Opt<?>> options() {
        List<Opt<?>> options = new ArrayList<>();
        options.addAll(credentialOption.options());
        options.add(home);
        options.addAll(storeOptions.options());
        options.addAll(json.options());
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Save the login that restore handed out, wipe its home and free it for others.");
    }

    @Override
    public int run(ParseResult typed) throws CodexAuthException, InterruptedException {
        Inputs inputs = here.inputs();
        Path folder = folder(inputs);
        CredentialId credential = credential(inputs, folder);
        SignalInbox signals = new SignalInbox();
        SignalHandlers.install(signals);
        Console console = new Console(here);
        ManagedOpening opening = new ManagedOpening(here, console, storeOptions);
        CodexSession session = opening.resume(credential, folder, signals);
        SessionEnd end =
                session.finish(() -> signals.first().isPresent() ? Optional.empty() : opening.refresher(), false);
        SessionReport report = console.report();
        report.ended(session, end);
        report.opened(end.current());
        json.print(here, () -> LoginJson.of(end.current()).put("refreshed", end.refreshed()));
        return ExitCode.OK;
    }

    private Path folder(Inputs inputs) throws UsageException {
        Path named = home.value();
        if (named == null) {
            String variable = inputs.variable(HOME)
                    .orElseThrow(() -> new UsageException(
                            "CODEX_HOME is not set, so there is no login to save",
                            "eval \"$(codex-auth restore …)\" in this shell first, or add --home FOLDER"));
            named = PathText.parse(variable, HOME);
        }
        try {
            return named.toRealPath();
        } catch (IOException e) {
            throw new UsageException(
                    "there is no folder " + named, "persist works once, for the CODEX_HOME that restore printed");
        }
    }

    /** Restore's homes lie at ID/SESSION/home. */
    private CredentialId credential(Inputs inputs, Path folder) throws CodexAuthException {
        Optional<CredentialId> named = credentialOption.named(inputs);
        if (named.isPresent()) {
            return named.get();
        }
        if (folder.getNameCount() >= 3) {
            String name = folder.getName(folder.getNameCount() - 3).toString();
            try {
                return new CredentialId(name);
            } catch (IllegalArgumentException notOurs) {
                throw notAHome(folder);
            }
        }
        throw notAHome(folder);
    }

    private static UsageException notAHome(Path folder) {
        return new UsageException(
                folder + " is not a home that restore made", "give persist the CODEX_HOME that restore printed");
    }
}
