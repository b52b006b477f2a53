package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.UsageException;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.option.Option;
import io.github.codexauth.runner.option.ValueOption;
import io.github.codexauth.store.AgeKeyPair;
import io.github.codexauth.store.AtRest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Makes an age identity. */
final class KeygenCommand implements Subcommand {
    private static final ValueOption<Path> OUTPUT =
            ValueOption.path("--output", "FILE", "Where the identity goes: a new file that only its owner can read.");

    private final ProcessContext process;

    KeygenCommand(ProcessContext process) {
        this.process = process;
    }

    @Override
    public String name() {
        return "keygen";
    }

    @Override
    public List<Option> options() {
        return List.of(OUTPUT);
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Make an age identity for encryption at rest, and print its recipient.")
                .footerHeading("%nExample:%n")
                .footer(
                        "  export CODEX_AUTH_AGE_RECIPIENT=$(codex-auth keygen --output identity.txt)",
                        "  export CODEX_AUTH_AGE_IDENTITY_FILE=$PWD/identity.txt");
    }

    @Override
    public int run(Inputs inputs, ParseResult parsed) throws CodexAuthException {
        Path file = OUTPUT.in(inputs)
                .orElseThrow(
                        () -> new UsageException("no file for the identity was named", "add --output identity.txt"));
        AgeKeyPair pair = AtRest.newKeyPair();
        String content = "# created: " + process.clock().instant() + "\n# public key: " + pair.recipient() + "\n"
                + pair.identity().reveal() + "\n";
        try {
            PrivateFiles.createNew(file, content.getBytes(StandardCharsets.UTF_8));
        } catch (FileAlreadyExistsException e) {
            throw new UsageException(
                    file + " exists", "choose another name; without its identity an encrypted store is lost");
        } catch (IOException e) {
            throw new UsageException("cannot write " + file + ": " + e.getMessage(), "choose another folder");
        }
        Console.messages(process).say("wrote the identity to " + file + "; keep a copy where you keep passwords");
        process.out().println(pair.recipient());
        process.out().flush();
        return ExitCode.OK.number();
    }
}
