package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the helper's own process shows, leaves behind and hands on: nothing of its secrets, and everything of the job's.
 */
class OwnProcessIT extends OnOneMachine {
    private String key;
    private Cli withKey;

    @BeforeEach
    void machineWithAKey() {
        key = standIn.newApiKey();
        withKey = cli.with("CODEX_AUTH_API_KEY", key);
    }

    @Test
    void noProcessThatDescendsFromOurStartShowsTheSeedOrTheIdentityThatOnlyWeWereGiven() throws IOException {
        Path file = folder.resolve("identity.txt");
        assertThat(cli.run("keygen", "--output", file.toString()).exitCode()).isZero();
        String identity = Files.readString(file);
        String seed = new String(standIn.newLogin(Duration.ofDays(9)).authJson(), StandardCharsets.UTF_8);

        Running running = cli.with("CODEX_AUTH_JSON", seed + " ".repeat(60_000))
                .with("CODEX_AUTH_AGE_IDENTITY", identity)
                .start(Cli.job(
                        "sh", "-c", "tr '\\0' '\\n' < /proc/$PPID/environ; echo ready; read go < " + cli.makeFifo()));
        running.awaitOutput("ready");
        List<String> environments = Stream.concat(
                        Stream.of(running.handle()), running.handle().descendants())
                .map(process -> read(Path.of("/proc", Long.toString(process.pid()), "environ")))
                .toList();
        cli.openFifo();
        Result result = running.result();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out())
                .as("what the job reads of its parent, before anything is filtered")
                .contains("CODEX_AUTH_JSON=\n", "CODEX_AUTH_AGE_IDENTITY=\n", "HOME=" + folder)
                .doesNotContain("***");
        assertThat(environments).hasSizeGreaterThanOrEqualTo(2);
        assertThat(environments)
                .noneMatch(
                        environment -> environment.contains("refresh_token") || environment.contains("AGE-SECRET-KEY"));
        assertThat(Stored.generation(cli)).isEqualTo(1);
    }

    @Test
    void theInputsOfAStepAreNotShownEither() {
        Running running = cli.with("INPUT_API_KEY", key)
                .with("INPUT_RUN", "tr '\\0' '\\n' < /proc/$PPID/environ")
                .start("action");
        Result result = running.result();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).contains("INPUT_API_KEY=\n").doesNotContain("***");
    }

    @Test
    void variablesThatTheFirstProcessOfAContainerHandsOverByAPipeCount() {
        Result result = cli.with("KEY", key)
                .shell("exec 9< <(printf 'CODEX_AUTH_API_KEY=%s\\0INPUT_X=two\\nlines\\0' \"$KEY\");"
                        + " CODEX_AUTH_VARIABLES_FD=9 \"$0\" run --"
                        + " sh -c '[ \"$CODEX_API_KEY\" = \"$KEY\" ]; echo $?; echo \"$INPUT_X\"; env'");

        assertThat(result.out())
                .as(result.toString())
                .startsWith("0\ntwo\nlines\n")
                .doesNotContain("CODEX_AUTH_");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SEGV", "ABRT"})
    void aCrashLeavesNothingWhereTheJobWorksAndItsReportIsForTheOwnerAlone(String signal) throws IOException {
        assertThat(withKey.run("run", "--", "true").exitCode()).isZero();

        withKey.shell("ulimit -S -c \"$(ulimit -H -c)\"; \"$0\" run -- sh -c 'kill -s " + signal + " $PPID'");

        assertThat(filesIn(folder.resolve("work"))).isEmpty();
        for (Path report : filesIn(cli.storeFolder())) {
            assertThat(report.getFileName().toString()).matches("crash-[0-9]+\\.log|store\\.json");
            assertThat(read(report)).doesNotContain(key);
        }
        assertThat(Files.getPosixFilePermissions(cli.storeFolder())).hasSize(3);
    }

    @Test
    void aJobMayHaveCoresOfItsOwn() {
        Result result =
                withKey.shell("hard=$(ulimit -H -c); \"$0\" run -- sh -c 'ulimit -S -c; ulimit -H -c' && echo $hard");

        List<String> limits = result.out().lines().toList();
        assertThat(limits.get(0)).isEqualTo("0");
        assertThat(limits.get(1)).isEqualTo(limits.get(2));
    }

    @Test
    void aSignalQuitPrintsNothingIntoTheJobsOutput() {
        Result result = withKey.run(
                "run",
                "--",
                "sh",
                "-c",
                "trap 'exit 7' TERM; kill -s QUIT $PPID; kill -s TERM $PPID; while :; do sleep 0.05; done");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(7);
        assertThat(result.all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "C", "no_SUCH.UTF-8", "C.UTF-8"})
    void wordsAndVariablesReachTheJobByteForByteWhateverTheLocale(String locale) {
        Cli here = locale.isEmpty() ? withKey.without("LC_ALL") : withKey.with("LC_ALL", locale);
        Result result = here.shell("export WORD=$'pr\\303\\274fe' LATIN=$'pr\\374fe';"
                + " \"$0\" run -- sh -c 'printf \"%s.%s.%s.%s\" \"$1\" \"$WORD\" \"$LATIN\" \"$LC_ALL\" | od -An -c -w80'"
                + " sh \"$WORD\"");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out().replaceAll("\\s+", "")).isEqualTo("pr303274fe.pr303274fe.pr374fe." + locale);
    }

    @Test
    void aWordThatCannotReachTheJobAsItWasTypedIsRefused() {
        Result result = withKey.shell("\"$0\" run -- echo $'pr\\374fe'");

        assertThat(result.exitCode()).isEqualTo(64);
        assertThat(result.err()).contains("a word of the command line is not text in the encoding");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void aHomeWithAnUmlautWorksInEveryLocale() {
        String home = "export HOME=\"$HOME/h\"$'\\303\\266'm XDG_STATE_HOME= LC_ALL=C; mkdir -m 700 \"$HOME\"; ";

        Result result = withKey.shell(home + "\"$0\" run -- sh -c 'case $CODEX_HOME in \"$HOME\"/*) exit 3; esac'");
        Result withoutLauncher = withKey.shell(home + "java -jar \"${0%/*}/codex-auth.jar\" run -- true");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(3);
        assertThat(withoutLauncher.exitCode()).as(withoutLauncher.toString()).isEqualTo(64);
        assertThat(withoutLauncher.err()).contains("error: HOME has a path that is not text", "LC_ALL=C.UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"$0\"", "java -jar \"${0%/*}/codex-auth.jar\""})
    void aClosedStdinIsAnEmptyOne(String command) {
        Result result = withKey.shell(command + " run -- readlink /proc/self/fd/0 <&-");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo("/dev/null\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"$0\" run --id ci -- yes | head -n 1",
                "\"$0\" run --id ci -- sh -c 'exec yes >&2' 2>&1 > /dev/null | grep -m 1 ^y"
            })
    void aReaderThatIsGoneEndsTheJobAsAShellWould(String pipeline) {
        cli.seed(standIn.newLogin(Duration.ofDays(9)));

        Result result = cli.shell(pipeline + "; echo ${PIPESTATUS[0]}");

        assertThat(result.out()).as(result.toString()).isEqualTo("y\n141\n");
        assertThat(cli.runJob("true").exitCode()).isZero();
    }

    @Test
    void aJobThatDoesNotMindAGoneReaderGoesOn() {
        Result result =
                withKey.shell("\"$0\" run -- bash -c 'trap \"\" PIPE; while echo y; do :; done 2> /dev/null; exit 4'"
                        + " | head -n 1; echo ${PIPESTATUS[0]}");

        assertThat(result.out()).isEqualTo("y\n4\n");
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return "";
        }
    }
}
