package io.github.codexauth.runner.codex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.codex.AppServer;
import io.github.codexauth.codex.Diagnosis;
import io.github.codexauth.codex.Diagnosis.Hindrance;
import io.github.codexauth.home.CodexProcesses;
import io.github.codexauth.standin.Gate;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.standin.RefreshAnswer;
import io.github.codexauth.standin.StandIn;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.store.NeedsLogin.Cause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real app-server, and what it makes of each answer of the token endpoint. */
class AppServerIT {
    private final StandIn standIn = StandIn.start();

    @TempDir
    private Path home;

    private Map<String, String> environment = Map.of();

    @BeforeEach
    void settings() throws IOException {
        environment = RealCodex.get().environment(standIn, home);
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
        "REFRESH_TOKEN_REUSED, -1, REFRESH_TOKEN_REUSED",
        "REFRESH_TOKEN_EXPIRED, -1, REFRESH_TOKEN_EXPIRED",
        "REFRESH_TOKEN_INVALIDATED, -1, REFRESH_TOKEN_INVALIDATED",
        // Of a live token that was refreshed all the same, Codex 0.169.0 says that, and no more.
        "REFRESH_TOKEN_REUSED, 1, REFUSED",
        "REFRESH_TOKEN_EXPIRED, 1, REFUSED",
        "REFRESH_TOKEN_INVALIDATED, 1, REFUSED"
    })
    void theThreeCodesThatEndALoginAreUnderstood(Cause answered, int accessTokenLasts, Cause understood)
            throws Exception {
        Login login = restore(Duration.ofDays(accessTokenLasts));
        failAlways(401, answered.label());

        assertThat(server(60).refresh(home, accessTokenLasts > 0)).isEqualTo(new Diagnosis.Dead(understood));
        assertThat(home.resolve("auth.json")).hasBinaryContent(login.authJson());
    }

    @ParameterizedTest
    @CsvSource({
        "401, token_expired, UNKNOWN",
        "400, invalid_request, UNKNOWN",
        "403, forbidden, UNREACHABLE",
        "429, rate_limit_exceeded, UNREACHABLE",
        "500, server_error, UNREACHABLE"
    })
    void everyOtherAnswerLeavesTheFileAsItWasAndCallsNoLoginDead(int status, String code, Hindrance hindrance)
            throws Exception {
        for (int accessTokenLasts : new int[] {-1, 1}) {
            Login login = restore(Duration.ofDays(accessTokenLasts));
            failAlways(status, code);

            assertHindered(server(60).refresh(home, accessTokenLasts > 0), hindrance, login);
        }
    }

    @Test
    void aServerThatIsNotThereIsUnreachable() throws Exception {
        environment.put("CODEX_REFRESH_TOKEN_URL_OVERRIDE", "http://127.0.0.1:1/oauth/token");
        for (int accessTokenLasts : new int[] {-1, 1}) {
            Login login = restore(Duration.ofDays(accessTokenLasts));

            Diagnosis diagnosis = server(60).refresh(home, accessTokenLasts > 0);

            assertHindered(diagnosis, Hindrance.UNREACHABLE, login);
            assertThat(diagnosis).asString().contains("OpenAI's server for logins cannot be reached");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CODEX_CA_CERTIFICATE", "SSL_CERT_FILE"})
    void aMissingCaBundleAndAFileThatIsNoneAreNamed(String variable) throws Exception {
        environment.put("CODEX_REFRESH_TOKEN_URL_OVERRIDE", "https://127.0.0.1:1/oauth/token");
        Path garbage = Files.writeString(home.resolve("garbage.pem"), "no certificate\n");
        for (Path bundle : List.of(home.resolve("missing.pem"), garbage)) {
            environment.put(variable, bundle.toString());
            Login login = restore(Duration.ofDays(-1));

            Diagnosis diagnosis = server(60).refresh(home, false);

            assertHindered(diagnosis, Hindrance.SETTINGS, login);
            assertThat(diagnosis).asString().contains("the CA bundle that CODEX_CA_CERTIFICATE or SSL_CERT_FILE names");
        }
    }

    @Test
    void aCaBundleThatDoesNotCoverTheServerIsToldFromAServerThatIsNotThere() throws Exception {
        try (TlsServer server = TlsServer.start(home)) {
            environment.put("CODEX_REFRESH_TOKEN_URL_OVERRIDE", server.url() + "/oauth/token");
            environment.put("CODEX_CA_CERTIFICATE", server.bundleOfAnother().toString());
            for (int accessTokenLasts : new int[] {-1, 1}) {
                Login login = restore(Duration.ofDays(accessTokenLasts));

                Diagnosis diagnosis = server(60).refresh(home, accessTokenLasts > 0);

                assertHindered(diagnosis, Hindrance.UNREACHABLE, login);
                assertThat(diagnosis).asString().contains("a certificate that the CA bundle");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "forced_login_method = 'api', another way to log in than ChatGPT",
        "forced_chatgpt_workspace_id = '00000000-0000-4000-8000-000000000000', another workspace",
        "cli_auth_credentials_store = 'keyring', elsewhere than in auth.json"
    })
    void aSettingThatKeepsCodexFromTheLoginIsNamedAndTheLoginIsNotCalledDead(String setting, String named)
            throws Exception {
        Files.writeString(home.resolve("config.toml"), setting.replace('\'', '"') + "\n" + RealCodex.config(standIn));
        for (int accessTokenLasts : new int[] {-1, 1}) {
            Login login = restore(Duration.ofDays(accessTokenLasts));

            Diagnosis diagnosis = server(60).refresh(home, accessTokenLasts > 0);

            assertHindered(diagnosis, Hindrance.SETTINGS, login);
            assertThat(diagnosis).asString().contains("Codex's settings here").contains(named);
        }
    }

    @Test
    void aServerThatNeverAnswersIsLeftAfterTheTimeLimitAndNoProcessStays() throws Exception {
        Login login = restore(Duration.ofHours(-1));
        for (int i = 0; i < 50; i++) {
            standIn.nextRefresh(i % 2 == 0 ? new RefreshAnswer.Hang() : new RefreshAnswer.Drop(false));
        }

        assertHindered(server(2).refresh(home, false), Hindrance.UNREACHABLE, login);

        assertThat(home.resolve("auth.json")).hasBinaryContent(login.authJson());
        await().until(() -> ProcessHandle.allProcesses().noneMatch(this::usesHome));
    }

    @Test
    void whileTheServerThinksARefreshIsInFlightAndBeforeAndAfterItIsNot() throws Exception {
        Login login = restore(Duration.ofHours(-1));
        Gate gate = new Gate();
        standIn.nextRefresh(new RefreshAnswer.Late(gate));
        assertThat(new CodexProcesses(home).mayBeRefreshing()).isFalse();
        CompletableFuture<Diagnosis> refresh = CompletableFuture.supplyAsync(() -> {
            try {
                return server(60).refresh(home, false);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        gate.awaitReached();

        assertThat(new CodexProcesses(home).mayBeRefreshing()).isTrue();
        gate.open();

        refresh.get();
        assertThat(new CodexProcesses(home).mayBeRefreshing()).isFalse();
        assertThat(home.resolve("auth.json")).content().contains(login.current().refreshToken());
    }

    /** By itself a Codex that starts with an ended token refreshes it before it minds any signal (0.171.0). */
    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void aRefreshIsNotCutOffByASignalToItsProcess(int accessTokenLasts) throws Exception {
        Login login = restore(Duration.ofDays(accessTokenLasts));
        Gate gate = new Gate();
        standIn.nextRefresh(new RefreshAnswer.Late(gate));
        CompletableFuture<Diagnosis> refresh = CompletableFuture.supplyAsync(() -> {
            try {
                return server(60).refresh(home, accessTokenLasts > 0);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        gate.awaitReached();
        List<ProcessHandle> codex =
                ProcessHandle.allProcesses().filter(this::usesHome).toList();
        assertThat(codex).isNotEmpty();
        for (ProcessHandle process : codex) {
            for (String signal : List.of("HUP", "INT", "TERM")) {
                new ProcessBuilder("kill", "-s", signal, Long.toString(process.pid()))
                        .start()
                        .waitFor();
            }
        }
        gate.open();

        refresh.get();
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

    private void failAlways(int status, String code) {
        for (int i = 0; i < 50; i++) {
            standIn.nextRefresh(new RefreshAnswer.Fail(status, code));
        }
    }

    private void assertHindered(Diagnosis diagnosis, Hindrance hindrance, Login login) {
        assertThat(diagnosis)
                .isInstanceOfSatisfying(
                        Diagnosis.Hindered.class,
                        hindered -> assertThat(hindered.hindrance())
                                .as(hindered.reason())
                                .isEqualTo(hindrance));
        assertThat(diagnosis)
                .asString()
                .doesNotContain(login.current().refreshToken(), login.current().accessToken());
        assertThat(home.resolve("auth.json")).hasBinaryContent(login.authJson());
    }

    private Login restore(Duration accessTokenLasts) throws IOException {
        Login login = standIn.newLogin(accessTokenLasts);
        Files.write(home.resolve("auth.json"), login.authJson());
        return login;
    }

    private AppServer server(int limitSeconds) {
        AppServer.Lookup lookup = AppServer.find(environment, Duration.ofSeconds(limitSeconds));
        return ((AppServer.Found) lookup).server();
    }
}
