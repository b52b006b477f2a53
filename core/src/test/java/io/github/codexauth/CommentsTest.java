package io.github.codexauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the formatter leaves as it is in the sources of all modules. */
class CommentsTest {
    private static final Pattern TOO_LONG = Pattern.compile("\\s*(//|/?\\*).*");
    private static final int LONGEST = 120;

    @Test
    void noLineOfACommentIsWiderThanAPersonReads() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path source : sources()) {
            for (String line : Files.readAllLines(source, StandardCharsets.UTF_8)) {
                if (line.length() > LONGEST && TOO_LONG.matcher(line).matches()) {
                    tooLong.add(source.getFileName() + ": " + line.strip());
                }
            }
        }
        assertThat(tooLong).isEmpty();
    }

    private static List<Path> sources() throws IOException {
        Path repository = Path.of("..").toRealPath();
        try (Stream<Path> modules = Files.list(repository)) {
            List<Path> found = new ArrayList<>();
            for (Path module : modules.toList()) {
                Path sources = module.resolve("src");
                if (Files.isDirectory(sources)) {
                    try (Stream<Path> files = Files.walk(sources)) {
                        files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
                    }
                }
            }
            assertThat(found).hasSizeGreaterThan(100);
            return found;
        }
    }
}
