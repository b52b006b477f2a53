package io.github.codexauth.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Homes that last for as long as what is in them. */
class DatedHomesTest {
    private static final Instant NOW = Instant.parse("2026-11-27T03:00:00Z");

    @TempDir
    private Path folder;

    private DatedHomes homes;

    @BeforeEach
    void homes() {
        homes = new DatedHomes(folder.resolve("homes/.copies"));
    }

    @Test
    void whoMakesTheNextSweepsThoseAwayThatHaveEnded() throws Exception {
        CodexHome ended = homes.create(NOW.plusSeconds(60), NOW);
        CodexHome lasting = homes.create(NOW.plusSeconds(3600), NOW);
        Files.writeString(ended.authJson(), "{}");

        homes.create(NOW.plusSeconds(7200), NOW.plusSeconds(61));

        assertThat(ended.folder()).doesNotExist();
        assertThat(lasting.folder()).isDirectory();
    }

    @Test
    void whatIsNoHomeOfTheseIsNeitherFoundNorSwept() throws Exception {
        CodexHome home = homes.create(NOW, NOW);
        Path other = Files.createDirectory(home.folder().resolveSibling("1-other"));
        Path elsewhere = Files.createDirectory(folder.toRealPath().resolve("1-0123456789abcdef"));
        Path link = Files.createSymbolicLink(home.folder().resolveSibling("1-0123456789abcdef"), elsewhere);

        homes.create(NOW, NOW.plusSeconds(1));

        assertThat(homes.find(home.folder())).as("swept").isEmpty();
        assertThat(homes.find(other)).isEmpty();
        assertThat(homes.find(elsewhere)).isEmpty();
        assertThat(homes.find(link)).isEmpty();
        assertThat(elsewhere).as("behind a link").isDirectory();
        assertThat(other).isDirectory();
    }

    @Test
    void oneOfTheseIsFoundByItsRealPath() throws Exception {
        Path home = homes.create(NOW, NOW).folder();

        assertThat(homes.find(home)).map(CodexHome::folder).contains(home);
    }
}
