package io.github.codexauth.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.testing.JavaProcess;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which processes use a home, whether they may be refreshing, and how they are ended; with real processes. */
@EnabledOnOs(OS.LINUX)
class CodexProcessesTest {
    private static final String ANY_PATH = "/usr/bin:/bin";

    @TempDir
    private Path folder;

    private Path home;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createDirectories(folder.resolve("homes/ci/home"));
    }

    @AfterEach
    void leaveNothing() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    @Nested
    class WhoUsesAHome {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "CODEX_HOME=HOMES/ci/home",
                    "CODEX_HOME=HOMES/ci/home/",
                    "CODEX_HOME=HOMES/ci/../ci//home/.",
                    "CODEX_HOME=HOMES/link",
                    "CODEX_HOME=home",
                    "CODEX_HOME=./home/",
                    "CODEX_HOME=../ci/home",
                    "HOME=HOMES/person",
                    "CODEX_HOME= HOME=HOMES/person",
                })
        void aCodexWhateverItsVariablesCallTheHome(String variables) throws Exception {
            Path homes = folder.resolve("homes");
            Files.createSymbolicLink(homes.resolve("link"), home);
            Files.createDirectory(homes.resolve("person"));
            Files.createSymbolicLink(homes.resolve("person/.codex"), home);
            ProcessBuilder builder =
                    sleep("codex").directory(homes.resolve("ci").toFile());
            for (String variable : variables.replace("HOMES", homes.toString()).split(" ")) {
                builder.environment().put(variable.split("=")[0], variable.substring(variable.indexOf('=') + 1));
            }
            Process codex = start(builder);

            assertThat(endAll()).isEqualTo(1);
            assertThat(codex.waitFor()).isEqualTo(128 + 9);
        }

        @ParameterizedTest
        @ValueSource(strings = {".codex-wrapped", "codex-x86_64-unknown-linux-musl", "my codex"})
        void aCodexOfAnotherName(String name) throws Exception {
            Process codex = start(withHome(sleep(name)));

            assertThat(endAll()).isEqualTo(1);
            assertThat(codex.waitFor()).isEqualTo(128 + 9);
        }

        @Test
        void whateverHasAFileOfItOpenWithoutAnyVariableOrName() throws Exception {
            try (JavaProcess codex = JavaProcess.start(PretendCodex.class, home)) {
                await().until(() -> codex.hasSaid("waiting"));

                assertThat(endAll()).isEqualTo(1);
                assertThat(codex.awaitEnd()).isEqualTo(128 + 9);
            }
        }

        @Test
        void notAProgramThatMerelyInheritedTheVariable() throws Exception {
            Process database = start(withHome(sleep("postgres")));

            assertThat(endAll()).isZero();
            assertThat(database.isAlive()).isTrue();
        }

        @Test
        void notACodexOfAnotherHome() throws Exception {
            ProcessBuilder builder = sleep("codex");
            builder.environment().put("CODEX_HOME", Files.createDirectory(folder.resolve("other")) + "/../homes/ci");
            Process other = start(builder);

            assertThat(endAll()).isZero();
            assertThat(other.isAlive()).isTrue();
        }

        @Test
        void notOurselvesWhileWeReadThere() throws Exception {
            Path file = Files.writeString(home.resolve("auth.json"), "{}");

            try (var reading = Files.newInputStream(file)) {
                assertThat(reading.read()).isEqualTo('{');
                assertThat(endAll()).isZero();
            }
        }
    }

    @Nested
    class WhetherItMayBeRefreshing {
        private final AtomicLong nanoTime = new AtomicLong();
        private final ConnectionAges ages = new ConnectionAges(nanoTime::get);

        @Test
        void whileItIsConnectedToAnybody() throws Exception {
            try (ServerSocket server = server();
                    JavaProcess codex = connectedTo(server);
                    Socket accepted = server.accept()) {
                assertThat(accepted.isConnected()).isTrue();
                assertThat(new CodexProcesses(home).mayBeRefreshing()).isTrue();
                assertThat(codex.isAlive()).isTrue();
            }
            await().untilAsserted(() ->
                    assertThat(new CodexProcesses(home).mayBeRefreshing()).isFalse());
        }

        @Test
        void alsoInTheMomentInWhichTheServerHasHungUp() throws Exception {
            try (ServerSocket server = server();
                    JavaProcess codex = connectedTo(server)) {
                Running.signal("STOP", codex.pid());
                server.accept().close();

                assertThat(new CodexProcesses(home).mayBeRefreshing()).isTrue();
            }
        }

        @Test
        void notOverAConnectionThatIsOlderThanAnyRefresh() throws Exception {
            CodexProcesses processes = new CodexProcesses(home, ages);
            try (ServerSocket server = server();
                    JavaProcess codex = connectedTo(server);
                    Socket answers = server.accept()) {
                ages.look();
                nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(50));
                assertThat(processes.mayBeRefreshing()).isTrue();
                nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(20));
                ages.look();
                assertThat(processes.mayBeRefreshing()).isFalse();

                try (JavaProcess another = connectedTo(server)) {
                    assertThat(processes.mayBeRefreshing()).isTrue();
                    assertThat(another.isAlive() && codex.isAlive() && answers.isConnected())
                            .isTrue();
                }
            }
        }

        @Test
        void whileAFileAsideIsBeingWrittenButNotIfAKilledCodexLeftIt() throws Exception {
            Path aside = Files.writeString(home.resolve(".auth-a1B2c3"), "{");

            assertThat(new CodexProcesses(home).mayBeRefreshing()).isTrue();

            Files.setLastModifiedTime(aside, FileTime.from(Instant.now().minus(Duration.ofMinutes(2))));
            assertThat(new CodexProcesses(home).mayBeRefreshing()).isFalse();
        }

        @Test
        void neverWhereThereIsNoHome() {
            assertThat(new CodexProcesses(folder.resolve("gone")).mayBeRefreshing())
                    .isFalse();
        }
    }

    @Nested
    class HowItIsEnded {
        private final AtomicInteger told = new AtomicInteger();

        @Test
        void afterARefreshThatTakesAsLongAsPatienceLasts() throws Exception {
            try (ServerSocket server = server();
                    JavaProcess codex = connectedTo(server);
                    Socket answer = server.accept()) {
                Patience answeredAtTheThirdLook = waited -> {
                    if (told.incrementAndGet() == 3) {
                        answer(answer);
                    }
                    return true;
                };

                int ended = new CodexProcesses(home).end(answeredAtTheThirdLook, () -> {});

                assertThat(ended).isZero();
                assertThat(codex.awaitEnd()).isZero();
                assertThat(home.resolve("saved")).exists();
            }
        }

        @Test
        void inTheMiddleOfARefreshOnceNobodyWaitsAnyMoreAndSomebodyWasTold() throws Exception {
            AtomicInteger asked = new AtomicInteger();
            try (ServerSocket server = server();
                    JavaProcess codex = connectedTo(server)) {
                int ended = new CodexProcesses(home).end(waited -> asked.incrementAndGet() < 3, told::incrementAndGet);

                assertThat(ended).isEqualTo(1);
                assertThat(codex.awaitEnd()).isEqualTo(128 + 9);
                assertThat(told).hasValue(1);
            }
        }

        @Test
        void nobodyInAHurryWaitsForASlowServerAndNobodyWaitsForEver() {
            assertThat(Patience.UNHURRIED.lasts(Duration.ofSeconds(6))).isTrue();
            assertThat(Patience.UNHURRIED.lasts(Duration.ofSeconds(60))).isTrue();
            assertThat(Patience.UNHURRIED.lasts(Duration.ofMinutes(3))).isFalse();
        }

        @Test
        void withTheScriptThatWouldStartItAgain() throws Exception {
            Process loop = start(withHome(loop()));
            await().until(() -> Files.exists(home.resolve(".lock")));

            assertThat(endAll()).isEqualTo(1);

            assertThat(loop.waitFor()).isEqualTo(128 + 9);
            assertThat(endAll()).isZero();
        }

        @Test
        void withoutAPersonsShellThatWasNotGivenTheHome() throws Exception {
            Path person = Files.createDirectory(folder.resolve("person"));
            Files.createSymbolicLink(person.resolve(".codex"), home);
            String codex = sleep("codex").command().get(0);
            ProcessBuilder builder = new ProcessBuilder("sh", "-c", "\"$0\" 60; read never", codex);
            builder.environment().put("HOME", person.toString());
            Process shell = start(builder);
            await().until(() -> shell.descendants().findAny().isPresent());

            await().until(() -> endAll() == 1);

            assertThat(shell.isAlive()).isTrue();
        }

        @Test
        void whileARefreshIsWaitedForTheScriptStartsNoOther() throws Exception {
            try (ServerSocket server = server()) {
                ProcessBuilder builder = new ProcessBuilder(
                        "sh",
                        "-c",
                        "\"$@\"; : > \"$CODEX_HOME/../another\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PretendCodex.class.getName(),
                        home.toString(),
                        Integer.toString(server.getLocalPort()));
                Process script = start(withHome(builder));
                try (Socket answer = server.accept()) {
                    new CodexProcesses(home)
                            .end(
                                    waited -> {
                                        answer(answer);
                                        return true;
                                    },
                                    () -> {});
                }

                assertThat(script.waitFor()).isEqualTo(128 + 9);
                assertThat(home.resolve("saved")).exists();
                assertThat(home.resolve("../another")).doesNotExist();
            }
        }

        @Test
        void aLoopThatCannotBeSeenHoldsNobodyUpForLong() throws Exception {
            start(loop());
            await().until(() -> Files.exists(home.resolve(".lock")));

            assertThat(endAll()).isPositive();
        }

        @Test
        void togetherWithHelpersThatLostTheirCodex() throws Exception {
            Process byItsWords = start(helper("--ro-bind", home.toString(), "--", "codex", "--codex-run-as-fs-helper"));
            ProcessBuilder builder = helper("--codex-run-as-fs-helper");
            builder.environment().put("PATH", home + "/tmp/arg0-linux/codex-arg0Wx:" + ANY_PATH);
            Process byItsPath = start(builder);
            Process ofAnotherHome = start(helper("--ro-bind", folder + "/other", "--codex-run-as-fs-helper"));

            assertThat(endAll()).isZero();

            assertThat(byItsWords.waitFor()).isEqualTo(128 + 9);
            assertThat(byItsPath.waitFor()).isEqualTo(128 + 9);
            assertThat(ofAnotherHome.isAlive()).isTrue();
        }

        /** Starts something that uses the home, again and again. */
        private ProcessBuilder loop() {
            return new ProcessBuilder(
                    "sh", "-c", "while :; do sh -c 'exec sleep 60 3> \"$0\"' '" + home + "/.lock'; done");
        }

        private ProcessBuilder helper(String... words) {
            List<String> command = new ArrayList<>(List.of("sh", "-c", "read never", "bwrap"));
            command.addAll(List.of(words));
            return new ProcessBuilder(command);
        }

        private void answer(Socket connection) {
            try {
                connection.getOutputStream().write(1);
            } catch (IOException alreadyAnswered) {
                assertThat(home.resolve("saved")).exists();
            }
        }
    }

    private int endAll() throws InterruptedException {
        return CodexHome.existing(home).endProcesses(Patience.NONE);
    }

    private JavaProcess connectedTo(ServerSocket server) throws IOException {
        JavaProcess codex = JavaProcess.start(PretendCodex.class, home, server.getLocalPort());
        await().until(() -> codex.hasSaid("connected"));
        return codex;
    }

    private static ServerSocket server() throws IOException {
        return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    /** A program of this name that does nothing for a while. */
    private ProcessBuilder sleep(String name) throws IOException {
        Path program = folder.resolve(name);
        Files.copy(Path.of("/bin/sleep").toRealPath(), program);
        return new ProcessBuilder(program.toString(), "60");
    }

    private ProcessBuilder withHome(ProcessBuilder builder) {
        builder.environment().put("CODEX_HOME", home.toString());
        return builder;
    }

    private Process start(ProcessBuilder builder) throws IOException {
        builder.environment().putIfAbsent("PATH", ANY_PATH);
        Process process = builder.start();
        started.add(process);
        return process;
    }
}
