package io.github.codexauth.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.testing.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people copy from the pages is run by a test, or the page's source says why not. */
class PagesTest {
    private static final Path REPOSITORY = Path.of("..");
    private static final Pattern RUN = Pattern.compile("run by (\\S+)");

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/container.md", "docs/github-actions.md"})
    void everyBlockIsRunOrSaysWhyNot(String path) throws IOException {
        List<Page.Block> blocks = Page.of(path).blocks();

        assertThat(blocks).hasSizeGreaterThan(5);
        for (Page.Block block : blocks) {
            Matcher run = RUN.matcher(block.mark());
            if (run.matches()) {
                assertThat(source(run.group(1))).as(block.toString()).contains(path);
            } else {
                assertThat(block.mark()).as(block.toString()).matches("not run: .{20,}");
            }
        }
    }

    private static String source(String test) throws IOException {
        try (Stream<Path> files = Files.walk(REPOSITORY, 12)) {
            Path source = files.filter(file ->
                            file.endsWith(test + ".java") && file.toString().contains("/src/test/"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("there is no " + test));
            return Files.readString(source);
        }
    }
}
