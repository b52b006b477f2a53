package io.github.codexauth.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.codexauth.CredentialId;
import io.github.codexauth.home.HomeWatch;
import io.github.codexauth.home.Patience;
import io.github.codexauth.login.LoginEvents;
import io.github.codexauth.login.LoginSettings;
import io.github.codexauth.login.RescueArea;
import io.github.codexauth.login.Safety;
import io.github.codexauth.login.Seed;
import io.github.codexauth.standin.Login;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.NotDetachableException;
import io.github.codexauth.store.file.FileCredentialStore;
import io.github.codexauth.testing.TestClock;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a session when everything around it fails in ways that nobody thought of. */
class SessionEndTest {
    private static final CredentialId ID = new CredentialId("ci");
    private static final Instant NOVEMBER = Instant.parse("2026-11-01T10:00:00Z");

    private final TestClock clock = new TestClock(NOVEMBER);
    private final Login login = Login.unknownToAnyServer("acme", "bot", NOVEMBER, Duration.ofDays(10));

    @TempDir
    private Path folder;

    private FileCredentialStore store;
    private boolean eventsFail;

    /** The method of the lease that fails. */
    private String failing = "";

    private Patience patience = Patience.NONE;

    @BeforeEach
    void makeStore() throws Exception {
        store = FileCredentialStore.createIn(folder.resolve("store"), clock);
    }

    @Test
    void aListenerThatFailsAtEveryWordCostsNoLogin() throws Exception {
        CodexSession session = open();
        eventsFail = true;
        refresh(session);

        SessionEnd end = session.finish();

        assertThat(end.safety()).isEqualTo(Safety.STORED);
        assertThat(stored()).isEqualTo(login.authJson());
        assertThat(session.home().folder()).doesNotExist();
        assertThat(store.occupancy(ID)).isEmpty();
    }

    @Test
    void whatIsSavedDuringTheJobIsSavedWhateverTheListenerDoes() throws Exception {
        CodexSession session = open();
        eventsFail = true;
        HomeWatch watch = session.watch();
        refresh(session);
        watch.close();
        session.sync();

        assertThat(stored()).isEqualTo(login.authJson());
        session.finish();
    }

    @Test
    void aListenerThatCannotHideTheSecretsAtTheBeginningStopsTheJobInstead() {
        eventsFail = true;

        assertThat(catchThrowable(this::open)).hasMessageContaining("nobody listens to secrets");
        assertThat(storeIsFree()).isTrue();
    }

    @Test
    void aStoreThatFailsUnexpectedlyGetsARescueCopyMade() throws Exception {
        CodexSession session = open();
        failing = "save";
        refresh(session);

        SessionEnd end = session.finish();

        assertThat(end.safety()).isEqualTo(Safety.RESCUED);
        assertThat(new RescueArea(folder.resolve("rescue")).copies(ID)).hasSize(1);
        assertThat(session.home().folder()).doesNotExist();
        assertThat(storeIsFree()).isTrue();
    }

    @Test
    void whereNothingCanBeSavedAnywhereTheHomeStaysAndTheNextJobTakesItUp() throws Exception {
        CodexSession session = open();
        failing = "save";
        Files.writeString(folder.resolve("rescue"), "a file stands where the folder belongs");
        refresh(session);

        SessionEnd end = session.finish();

        assertThat(end.safety()).isEqualTo(Safety.LEFT_IN_HOME);
        assertThat(session.home().authJson()).hasBinaryContent(login.authJson());
        failing = "";
        CodexSession next = open();
        assertThat(stored()).isEqualTo(login.authJson());
        assertThat(next.finish().safety()).isEqualTo(Safety.STORED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"renew", "close"})
    void aLeaseThatFailsUnexpectedlyHoldsNothingUp(String method) throws Exception {
        CodexSession session = open();
        failing = method;
        HomeWatch watch = session.watch();
        refresh(session);
        watch.close();

        SessionEnd end = session.finish();

        assertThat(end.safety()).isEqualTo(Safety.STORED);
        assertThat(stored()).isEqualTo(login.authJson());
    }

    @Test
    void whateverGoesWrongWithForeignProcessesTheLoginIsSaved() throws Exception {
        patience = waited -> {
            throw new IllegalStateException("nobody knows what time it is");
        };
        CodexSession session = open();
        refresh(session);
        Process stray = new ProcessBuilder("sh", "-c", "exec sleep 60 3> \"$0\"", home(session, ".lock"))
                .redirectErrorStream(true)
                .start();
        try {
            // As a refresh that has just begun to write.
            Files.writeString(Path.of(home(session, ".auth-a1B2c3")), "{");
            await().until(() -> Files.exists(Path.of(home(session, ".lock"))));

            SessionEnd end = session.finish();

            assertThat(end.safety()).isEqualTo(Safety.STORED);
            assertThat(stored()).isEqualTo(login.authJson());
        } finally {
            stray.destroyForcibly().waitFor();
        }
    }

    /** The lease of this test is of no type that can be left. */
    @Test
    void aLeaseThatEndsWithItsProcessIsNotLeftAndTheSessionGoesOn() throws Exception {
        CodexSession session = open();

        assertThatExceptionOfType(NotDetachableException.class)
                .isThrownBy(() -> session.leave(Duration.ofSeconds(60)))
                .satisfies(refused -> {
                    assertThat(refused.problem())
                            .isEqualTo(
                                    "the store of credential 'ci' frees a credential when the process that has it ends,"
                                            + " so none can be left to a later step");
                    assertThat(refused.hint()).contains("codex-auth run -- COMMAND");
                });

        refresh(session);
        assertThat(session.finish().safety()).isEqualTo(Safety.STORED);
        assertThat(stored()).isEqualTo(login.authJson());
    }

    private static String home(CodexSession session, String file) {
        return session.home().folder().resolve(file).toString();
    }

    private void refresh(CodexSession session) throws Exception {
        clock.advance(Duration.ofHours(1));
        login.rotate(clock.instant(), Duration.ofDays(10));
        Files.write(session.home().authJson(), login.authJson());
    }

    private byte[] stored() throws Exception {
        Path record = folder.resolve("store/credentials/ci/current.json");
        String base64 =
                new JsonMapper().readTree(record.toFile()).path("authJson").asText();
        return Base64.getDecoder().decode(base64);
    }

    private boolean storeIsFree() {
        try (Lease lease = store.acquire(ID, new Holder("test", clock.instant()), Duration.ZERO, busy -> {})) {
            return lease.id().equals(ID);
        } catch (Exception busy) {
            return false;
        }
    }

    private CodexSession open() throws Exception {
        Lease lease = store.acquire(ID, new Holder("test", clock.instant()), Duration.ZERO, busy -> {});
        SessionSettings settings = new SessionSettings(
                folder.resolve("store/homes"),
                home -> new byte[0],
                patience,
                new LoginSettings(
                        new RescueArea(folder.resolve("rescue")),
                        AtRest.unencrypted(),
                        "test",
                        List.of(),
                        clock,
                        events()));
        return CodexSession.open(
                LoginMachine.proof(),
                store,
                unreliable(lease),
                Optional.of(Seed.parse(login.authJson(), "seed")),
                settings);
    }

    /** Listens to everything, or fails at everything. */
    private LoginEvents events() {
        return (LoginEvents) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {LoginEvents.class}, (proxy, method, arguments) -> {
                    if (eventsFail) {
                        throw new IllegalStateException("nobody listens to " + method.getName());
                    }
                    return null;
                });
    }

    /**
     * The real lease, but for one method that fails as nothing should; what it was to do is done all the same if that
     * is an end.
     */
    private Lease unreliable(Lease lease) {
        return (Lease) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Lease.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals(failing) && !failing.equals("close")) {
                        throw new IllegalStateException("a fault in " + failing);
                    }
                    try {
                        Object answer = method.invoke(lease, arguments);
                        if (method.getName().equals(failing)) {
                            throw new IllegalStateException("a fault in " + failing);
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
