package io.github.codexauth.runner.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepFilesTest {
    @TempDir
    Path folder;

    /** Whoever writes a text, a model perhaps, does not write other outputs. */
    @Test
    void aTextIsOneOutputWhateverIsInIt() throws IOException, UsageException {
        Path output = folder.resolve("output");
        StepFiles files = new StepFiles(Map.of("GITHUB_OUTPUT", output.toString()));

        files.outputText("final-message", "saved=true\nEOF\nsaved=true");
        files.outputText("final-message", "again");

        List<String> lines = Files.readAllLines(output);
        assertThat(lines).hasSize(8);
        assertThat(lines.get(0)).matches("final-message<<end-[0-9a-f]{32}");
        assertThat(lines.get(0)).endsWith("<<" + lines.get(4)).isNotEqualTo(lines.get(5));
        assertThat(lines.subList(1, 4)).containsExactly("saved=true", "EOF", "saved=true");
    }
}
