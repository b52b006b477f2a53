package io.github.codexauth.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RandomBytesTest {
    @TempDir
    private Path folder;

    @Test
    void noTwoAreTheSame() {
        assertThat(RandomBytes.ofTheKernel(16)).hasSize(16).isNotEqualTo(RandomBytes.ofTheKernel(16));
    }

    @Test
    void aFileInThePlaceOfTheDeviceIsNotRead() throws IOException {
        Path file = Files.write(folder.resolve("urandom"), new byte[64]);

        assertThat(RandomBytes.of(file, 16)).hasSize(16).isNotEqualTo(new byte[16]);
    }

    @Test
    void aDeviceThatEndsIsNotEnough() {
        assertThat(RandomBytes.of(Path.of("/dev/null"), 16)).hasSize(16).isNotEqualTo(new byte[16]);
    }

    @Test
    void whereThereIsNoDeviceJavaIsAsked() {
        assertThat(RandomBytes.of(folder.resolve("none"), 16))
                .hasSize(16)
                .isNotEqualTo(RandomBytes.of(folder.resolve("none"), 16));
    }
}
