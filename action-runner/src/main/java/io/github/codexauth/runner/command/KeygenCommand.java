package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.input.UsageException;
import io.github.codexauth.store.AgeKeyPair;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes an age identity. */
@Command(
        name = "keygen",
        description = "Make an age identity for encryption at rest, and print its recipient.",
        footerHeading = "%nExample:%n",
        footer = {
            "  export CODEX_AUTH_AGE_RECIPIENT=$(codex-auth keygen --output identity.txt)",
            "  export CODEX_AUTH_AGE_IDENTITY_FILE=$PWD/identity.txt"
        })
final class KeygenCommand implements Callable<Integer> {
    private final Surroundings here;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "Where the identity goes: a new file that only its owner can read.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path output;

    KeygenCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public Integer call() throws CodexAuthException {
        AgeKeyPair pair = AtRest.newKeyPair();
        String content = "# created: " + here.clock().instant() + "\n# public key: " + pair.recipient() + "\n"
                + pair.identity().reveal() + "\n";
        try {
            PrivateFiles.createNew(output, content.getBytes(StandardCharsets.UTF_8));
        } catch (FileAlreadyExistsException e) {
            throw new UsageException(
                    output + " exists", "choose another name; without its identity an encrypted store is lost");
        } catch (IOException e) {
            throw new UsageException("cannot write " + output + ": " + e.getMessage(), "choose another folder");
        }
        Console.messages(here).say("wrote the identity to " + output + "; keep a copy where you keep passwords");
        here.out().println(pair.recipient());
        here.out().flush();
        return ExitCode.OK;
    }
}
