package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.PathText;
import io.github.codexauth.UsageException;
import io.github.codexauth.home.CodexHome;
import io.github.codexauth.home.Patience;
import io.github.codexauth.runner.console.Json;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.job.SessionReport;
import io.github.codexauth.runner.option.Option;
import io.github.codexauth.runner.option.Options;
import io.github.codexauth.runner.option.StoreOptions;
import io.github.codexauth.runner.option.ValueOption;
import io.github.codexauth.runner.process.SignalHandlers;
import io.github.codexauth.runner.process.SignalInbox;
import io.github.codexauth.session.CodexSession;
import io.github.codexauth.session.SessionEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The second half of run: saves what the steps in between made of the login. */
final class PersistCommand implements Subcommand {
    private static final String VARIABLE = "CODEX_HOME";

    private static final ValueOption<Path> HOME =
            ValueOption.path("--home", "FOLDER", "The CODEX_HOME that restore made; default: $CODEX_HOME.");

    private final ProcessContext process;

    PersistCommand(ProcessContext process) {
        this.process = process;
    }

    @Override
    public String name() {
        return "persist";
    }

    @Override
    public List<Option> options() {
        List<Option> options = new ArrayList<>();
        options.add(Options.ID);
        options.add(HOME);
        options.addAll(StoreOptions.ALL);
        options.add(Options.JSON);
        return options;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Save the login that restore handed out, wipe its home and free it for others.");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) throws CodexAuthException, InterruptedException {
        Path folder = folder(inputs);
        SignalInbox signals = new SignalInbox();
        SignalHandlers.install(signals);
        Console console = new Console(process);
        ManagedOpening opening = new ManagedOpening(process, inputs, console);
        Optional<CodexHome> copy = opening.copies().find(folder);
        if (copy.isPresent()) {
            return remove(copy.get(), inputs, console.messages());
        }
        CredentialId credential = credential(inputs, folder);
        CodexSession session = opening.resume(credential, folder, signals);
        SessionEnd end =
                session.finish(() -> signals.first().isPresent() ? Optional.empty() : opening.refresher(), false);
        if (Options.HOMES.in(inputs).isPresent()) {
            removeCredentialsFolder(folder);
        }
        SessionReport report = console.report();
        report.ended(end, session.home().folder());
        report.opened(end.current());
        if (Options.JSON.isIn(inputs)) {
            Json.print(process.out(), LoginJson.of(end.current()).put("refreshed", end.refreshed()));
        }
        return ExitCode.OK.number();
    }

    /** What could not refresh the login has nothing to save. */
    private int remove(CodexHome copy, Inputs inputs, Messages messages) throws InterruptedException {
        copy.endProcesses(Patience.NONE);
        Optional<Path> left = copy.wipe();
        messages.say("these steps had access to the login alone, so there is nothing to save");
        left.ifPresent(path -> messages.warn("could not remove " + path + "; remove it by hand: rm -rf " + path));
        if (Options.JSON.isIn(inputs)) {
            Json.print(process.out(), Json.object().put("refreshed", false));
        }
        return ExitCode.OK.number();
    }

    /**
     * Whoever gave us a place for homes, as GitHub's runner does, cleans it up, and may not be allowed to remove a
     * folder of ours.
     */
    private static void removeCredentialsFolder(Path home) {
        Path session = home.getParent();
        Path credential = session == null ? null : session.getParent();
        if (credential != null) {
            try {
                Files.deleteIfExists(credential);
            } catch (IOException somethingIsLeftThere) {
                return;
            }
        }
    }

    private static Path folder(Inputs inputs) throws CodexAuthException {
        Optional<Path> typed = HOME.in(inputs);
        Path named = typed.isPresent() ? typed.get() : homeOfThisShell(inputs);
        try {
            return named.toRealPath();
        } catch (IOException e) {
            throw new UsageException(
                    "there is no folder " + named, "persist works once, for the CODEX_HOME that restore printed");
        }
    }

    private static Path homeOfThisShell(Inputs inputs) throws UsageException {
        String variable = inputs.variable(VARIABLE)
                .orElseThrow(() -> new UsageException(
                        "CODEX_HOME is not set, so there is no login to save",
                        "eval \"$(codex-auth restore …)\" in this shell first, or add --home FOLDER"));
        return PathText.parse(variable, VARIABLE);
    }

    /** Restore's homes lie at ID/SESSION/home. */
    private static CredentialId credential(Inputs inputs, Path folder) throws CodexAuthException {
        Optional<CredentialId> named = Options.ID.in(inputs);
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
