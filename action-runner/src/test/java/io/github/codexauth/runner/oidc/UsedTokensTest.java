package io.github.codexauth.runner.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.testing.TestClock;
import io.github.codexauth.trust.Signature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsedTokensTest {
    private final TestClock clock = new TestClock(Instant.parse("2026-11-24T10:00:00Z"));

    @TempDir
    private Path folder;

    @Test
    void aTokenCountsOnceForEverybodyWhoUsesTheStore() throws IOException {
        Path store = folder.resolve("used-tokens");
        Signature token = new Signature("https://issuer", Optional.of("a1"));

        assertThat(new UsedTokens(store, clock).use(token)).isTrue();
        assertThat(new UsedTokens(store, clock).use(token)).isFalse();
        assertThat(new UsedTokens(store, clock).use(new Signature("https://issuer", Optional.of("b2"))))
                .isTrue();
        assertThat(Files.getPosixFilePermissions(store)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(Files.getPosixFilePermissions(store.resolve("a1")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void aTokenThatServesAJobAsOftenAsItLikesLeavesNothing() throws IOException {
        Signature token = new Signature("https://issuer", Optional.empty());

        assertThat(new UsedTokens(folder.resolve("used-tokens"), clock).use(token))
                .isTrue();
        assertThat(new UsedTokens(folder.resolve("used-tokens"), clock).use(token))
                .isTrue();
        assertThat(folder.resolve("used-tokens")).doesNotExist();
    }

    @Test
    void tokensAreForgottenLongAfterTheyWereTooOldToCount() throws IOException {
        UsedTokens used = new UsedTokens(folder, clock);
        for (int i = 0; i < 50; i++) {
            assertThat(used.use(new Signature("https://issuer", Optional.of("t" + i))))
                    .isTrue();
        }
        clock.advance(Duration.ofMinutes(30));
        assertThat(used.use(new Signature("https://issuer", Optional.of("t1")))).isFalse();

        clock.advance(Duration.ofMinutes(31));
        assertThat(used.use(new Signature("https://issuer", Optional.of("new"))))
                .isTrue();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }
}
