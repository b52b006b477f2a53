package io.github.codexauth.runner.codex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.session.RefreshInFlight;
import io.github.codexauth.standin.Gate;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.standin.RefreshAnswer;
import io.github.codexauth.standin.StandIn;
import io.github.codexauth.standin.StandIn.Event.Reused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real app-server, and what it makes of each answer of the token endpoint. */
class AppServerIT {
    private final StandIn standIn = StandIn.start();

    @TempDir
    private Path home;

    @BeforeEach
    void settings() throws IOException {
        Files.writeString(home.resolve("config.toml"), RealCodex.config(standIn));
    }

    @AfterEach
    void stop() {
        standIn.close();
        assertThat(standIn.events(Reused.class)).isEmpty();
    }

    @Test
    void aLiveTokenIsRefreshedOnceWhenForced() throws Exception {
        Login login = restore(Duration.ofDays(1));

        // What it says does not matter: an error about the workspace's backend can come although the refresh worked.
        server(60).refresh(home, true);

        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(home.resolve("auth.json")).content().contains(login.current().refreshToken());
    }

    @Test
    void aLiveTokenIsLeftAloneUnlessForced() throws Exception {
        restore(Duration.ofDays(1));

        server(60).refresh(home, false);

        assertThat(standIn.rotations()).isZero();
    }

    @Test
    void anEndedTokenIsRefreshedOnceWithoutForce() throws Exception {
        Login login = restore(Duration.ofHours(-1));

        server(60).refresh(home, false);

        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(home.resolve("auth.json")).content().contains(login.current().refreshToken());
    }

    @ParameterizedTest
    @CsvSource({
        "401, refresh_token_reused",
        "401, refresh_token_expired",
        "401, refresh_token_invalidated",
        "400, invalid_request",
        "500, server_error"
    })
    void whateverTheServerAnswersTheFileStaysAsItWas(int status, String code) throws Exception {
        Login login = restore(Duration.ofHours(-1));
        for (int i = 0; i < 50; i++) {
            standIn.nextRefresh(new RefreshAnswer.Fail(status, code));
        }

        Optional<String> problem = server(60).refresh(home, false);

        assertThat(home.resolve("auth.json")).hasBinaryContent(login.authJson());
        assertThat(problem.orElse("")).doesNotContain(login.current().refreshToken());
    }

    @Test
    void aServerThatNeverAnswersIsLeftAfterTheTimeLimitAndNoProcessStays() throws Exception {
        Login login = restore(Duration.ofHours(-1));
        for (int i = 0; i < 50; i++) {
            standIn.nextRefresh(i % 2 == 0 ? new RefreshAnswer.Hang() : new RefreshAnswer.Drop(false));
        }

        assertThat(server(2).refresh(home, false)).isPresent();

        assertThat(home.resolve("auth.json")).hasBinaryContent(login.authJson());
        await().until(() -> ProcessHandle.allProcesses().noneMatch(this::usesHome));
    }

    @Test
    void whileTheServerThinksARefreshIsInFlightAndBeforeAndAfterItIsNot() throws Exception {
        Login login = restore(Duration.ofHours(-1));
        Gate gate = new Gate();
        standIn.nextRefresh(new RefreshAnswer.Late(gate));
        assertThat(RefreshInFlight.isRefreshing(home)).isFalse();
        CompletableFuture<Optional<String>> refresh = CompletableFuture.supplyAsync(() -> {
            try {
                return server(60).refresh(home, false);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        gate.awaitReached();

        assertThat(RefreshInFlight.isRefreshing(home)).isTrue();
        gate.open();

        refresh.get();
        assertThat(RefreshInFlight.isRefreshing(home)).isFalse();
        assertThat(home.resolve("auth.json")).content().contains(login.current().refreshToken());
    }

    @Test
    void withoutCodexOrSetsidItSaysWhatIsMissing() {
        assertThat(AppServer.find(Map.of("PATH", "/does/not/exist"), Duration.ofSeconds(1)))
                .isInstanceOfSatisfying(
                        AppServer.Missing.class,
                        missing -> assertThat(missing.reason()).isEqualTo("command not found: setsid"));
    }

    private boolean usesHome(ProcessHandle process) {
        try {
            return Files.readString(
                            Path.of("/proc", Long.toString(process.pid()), "environ"), StandardCharsets.ISO_8859_1)
                    .contains("CODEX_HOME=" + home + "\0");
        } catch (IOException ended) {
            return false;
        }
    }

    private Login restore(Duration accessTokenLasts) throws IOException {
        Login login = standIn.newLogin(accessTokenLasts);
        Files.write(home.resolve("auth.json"), login.authJson());
        return login;
    }

    private AppServer server(int limitSeconds) {
        AppServer.Lookup lookup =
                AppServer.find(RealCodex.get().environment(standIn, home), Duration.ofSeconds(limitSeconds));
        return ((AppServer.Found) lookup).server();
    }
}
