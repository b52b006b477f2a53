package io.github.codexauth.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonFileTest {
    @TempDir
    private Path folder;

    private JsonFile file;

    @BeforeEach
    void chooseFile() {
        file = new JsonFile(folder.resolve("a.json"), 64);
    }

    @Test
    void aFileThatIsNotThereHoldsNothing() throws Exception {
        assertThat(file.read()).isEmpty();
        assertThat(file.readOwn()).isEmpty();
    }

    @Test
    void whatIsWrittenIsReadBackAndOnlyOurs() throws Exception {
        file.write(JsonFile.object().put("word", "übung"));
        file.write(JsonFile.object().put("word", "again"));

        assertThat(file.path()).hasContent("{\"word\":\"again\"}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
        assertThat(file.read()).map(json -> json.path("word").asText()).contains("again");
        assertThat(file.readOwn()).isEqualTo(file.read());
    }

    @Test
    void aTornFileIsDamagedAndNotQuoted() throws Exception {
        Files.writeString(file.path(), "{\"word\": \"sesame");

        assertThatExceptionOfType(DamagedFileException.class)
                .isThrownBy(file::read)
                .withMessage(file.path() + " is damaged: it is not complete JSON")
                .withNoCause();
    }

    @Test
    void aFileLargerThanAnyOfOursIsNotRead() throws Exception {
        file.write(JsonFile.object().put("word", "x".repeat(64)));

        assertThatExceptionOfType(OversizedFileException.class).isThrownBy(file::read);
    }

    @Test
    void aFileThatOthersCanWriteIsNotTakenForOurs() throws Exception {
        file.write(JsonFile.object().put("word", "ours"));
        Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThatExceptionOfType(ForeignFileException.class).isThrownBy(file::readOwn);
        assertThat(file.read()).isPresent();
    }
}
