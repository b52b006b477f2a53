package io.github.codexauth.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The block of variables, in files that look as {@code /proc/PID/stat} and {@code mem} do. */
class InitialEnvironmentTest {
    private static final String BEFORE = "stack....";
    private static final String BLOCK = "HOME=/root\0KEY=secret\0EMPTY=\0=odd\0KEY_2=a=b\0KEY=again\0";

    @TempDir
    private Path process;

    @BeforeEach
    void aProcess() throws IOException {
        write("mem", BEFORE + BLOCK + "auxiliary");
        stat(BEFORE.length(), BEFORE.length() + BLOCK.length());
    }

    @Test
    void losesTheValuesOfTheNamedVariablesAlone() throws IOException {
        boolean gone = InitialEnvironment.in(process).forget(name -> name.startsWith("KEY"));

        assertThat(gone).isTrue();
        assertThat(Files.readString(process.resolve("mem")))
                .isEqualTo(BEFORE
                        + BLOCK.replace("secret", "\0".repeat(6))
                                .replace("a=b", "\0".repeat(3))
                                .replace("again", "\0".repeat(5))
                        + "auxiliary");
    }

    @Test
    void isNotWrittenToWhenThereIsNothingToForget() throws IOException {
        assertThat(InitialEnvironment.in(process).forget("EMPTY"::equals)).isTrue();
        assertThat(Files.readString(process.resolve("mem"))).isEqualTo(BEFORE + BLOCK + "auxiliary");
    }

    @Test
    void isSaidToBeReadableWhereItCannotBeFoundOrWritten() throws IOException {
        stat(0, 0);
        assertThat(InitialEnvironment.in(process).forget(name -> true)).isFalse();
        stat(BEFORE.length(), 1_000_000);
        assertThat(InitialEnvironment.in(process).forget(name -> true)).isFalse();
        write("stat", "1 (java) S 1");
        assertThat(InitialEnvironment.in(process).forget(name -> true)).isFalse();
        assertThat(InitialEnvironment.in(process.resolve("no-such")).forget(name -> true))
                .isFalse();
    }

    private void stat(long start, long end) throws IOException {
        String until48 = String.join(" ", Collections.nCopies(46, "7"));
        write("stat", "4711 (ja) va (x) S " + until48 + " " + start + " " + end + " 0\n");
    }

    private void write(String name, String content) throws IOException {
        Files.write(process.resolve(name), content.getBytes(StandardCharsets.ISO_8859_1));
    }
}
