package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.PathText;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.home.HomeException;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.workflow.ActionInputs;
import io.github.codexauth.runner.workflow.StepFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One {@code codex exec} on a prompt of the workflow's, which it reads like any input: a prompt may be long, and a
 * stranger's text, so that it is no word of a command line.
 */
final class PromptedCodex implements AutoCloseable {
    /** In bytes. GitHub takes 1 MB for all outputs of a job, and counts two bytes for a character. */
    private static final int LONGEST_OUTPUT = 256 * 1024;

    private static final String PROMPT = "prompt";
    private static final String MESSAGE = "final-message";

    private final Path folder;
    private final Path input;
    private final Path message;
    private final List<String> moreWords;

    private PromptedCodex(Path folder, Path input, Path message, List<String> moreWords) {
        this.folder = folder;
        this.input = input;
        this.message = message;
        this.moreWords = List.copyOf(moreWords);
    }

    /**
     * Makes a private place for what has none of its own.
     *
     * @param environment names the place for temporary files
     * @throws HomeException if there is none
     */
    static PromptedCodex prepare(ActionInputs step, ActionInputs.Prompt prompt, Map<String, String> environment)
            throws CodexAuthException {
        Optional<Path> outputFile = step.outputFile();
        List<String> moreWords = step.codexArgs();
        Path temp = PathText.parse(
                environment.getOrDefault("RUNNER_TEMP", environment.getOrDefault("TMPDIR", "/tmp")), "RUNNER_TEMP");
        Path folder = temp.resolve("codex-auth-" + PrivateFiles.randomHex(8));
        try {
            PrivateFiles.createNewFolder(folder);
            Path text = folder.resolve(PROMPT);
            if (prompt.text().isPresent()) {
                PrivateFiles.createNew(text, prompt.text().get().getBytes(StandardCharsets.UTF_8));
            }
            return new PromptedCodex(
                    folder, prompt.file().orElse(text), outputFile.orElse(folder.resolve(MESSAGE)), moreWords);
        } catch (IOException e) {
            throw new HomeException("cannot keep the prompt in " + folder + ": " + e, "look at it: df -h " + temp);
        }
    }

    /** What it reads. */
    Path input() {
        return input;
    }

    /** What is started. */
    List<String> command() {
        List<String> words = new ArrayList<>(
                List.of("codex", "exec", "--skip-git-repo-check", "--output-last-message", message.toString()));
        words.addAll(moreWords);
        words.add("-");
        return words;
    }

    /** Hands the last message to later steps, if there is one. */
    void report(StepFiles files, Messages messages) throws CodexAuthException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(message, LinkOption.NOFOLLOW_LINKS)) {
            bytes = in.readNBytes(LONGEST_OUTPUT + 1);
        } catch (IOException none) {
            return;
        }
        if (bytes.length > LONGEST_OUTPUT) {
            messages.warn("the output " + MESSAGE + " has the first " + LONGEST_OUTPUT / 1024
                    + " KiB of Codex's last message, since GitHub takes no more; the input output-file gets all of it");
        }
        files.outputText(MESSAGE, text(bytes));
    }

    /** Whole characters alone. */
    private static String text(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        int length = Math.min(bytes.length, LONGEST_OUTPUT);
        CharBuffer characters = CharBuffer.allocate(length);
        decoder.decode(ByteBuffer.wrap(bytes, 0, length), characters, bytes.length <= LONGEST_OUTPUT);
        return characters.flip().toString();
    }

    /** Removes what was made for it. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(folder.resolve(PROMPT));
            Files.deleteIfExists(folder.resolve(MESSAGE));
            Files.deleteIfExists(folder);
        } catch (IOException left) {
            // The runner empties the place after the job.
            return;
        }
    }
}
