package io.github.codexauth.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page for people, and the blocks on it that they copy. Before each block stands a comment, which a reader does not
 * see: {@code <!-- run by TEST -->}, or {@code <!-- not run: REASON -->}.
 */
public final class Page {
    private static final Path REPOSITORY = Path.of("..");

    /** A fence with its language, or lines that are indented by four, after an empty line. */
    private static final Pattern BLOCK = Pattern.compile(
            "(?:<!-- (?<mark>[^\n]*) -->\n\n?)?"
                    + "(?:```[a-z]+\n(?<fenced>.*?)\n```|(?<=\n\n)(?<indented> {4}\\S[^\n]*(?:\n+ {4}[^\n]*)*))",
            Pattern.DOTALL);

    private final String path;
    private final List<Block> blocks = new ArrayList<>();

    private Page(String path, String text) {
        this.path = path;
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            String code = matcher.group("fenced") == null
                    ? matcher.group("indented").replaceAll("(?m)^ {4}", "")
                    : matcher.group("fenced");
            blocks.add(new Block(code, String.valueOf(matcher.group("mark"))));
        }
    }

    /** @param path from the repository's root; the test runs in one of its modules */
    public static Page of(String path) {
        try {
            return new Page(path, Files.readString(REPOSITORY.resolve(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What people copy.
     *
     * @param mark what the comment before it says; "null" if there is none
     */
    public record Block(String code, String mark) {}

    public List<Block> blocks() {
        return List.copyOf(blocks);
    }

    /** The first block with these words in it. */
    public String block(String words) {
        return blocks.stream()
                .map(Block::code)
                .filter(code -> code.contains(words))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no block of " + path + " has: " + words));
    }
}
