package io.github.codexauth.runner.e2e;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.standin.StandIn;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The packaged {@code codex-auth} on a machine of its own: a folder with state, policy, settings and a working
 * directory.
 */
final class Cli {
    /** A build that was started with nohup ignores SIGHUP, and would hand that on to everything it starts. */
    private static final List<String> DEFAULT_SIGNALS = List.of("/usr/bin/env", "--default-signal=HUP,INT,TERM");

    private static final Path LAUNCHER = Path.of(System.getProperty("codexauth.launcher", "target/codex-auth"));

    private final Path folder;
    private final Map<String, String> environment;
    private final List<String> wrapper;

    private Cli(Path folder, Map<String, String> environment, List<String> wrapper) {
        this.folder = folder;
        this.environment = environment;
        this.wrapper = wrapper;
    }

    /** A machine whose operator allows what people start by hand, and whose Codex talks to the stand-in. */
    static Cli in(Path folder, StandIn standIn) {
        RealCodex codex = RealCodex.get();
        Map<String, String> environment = codex.environment(standIn, folder.resolve("home"));
        environment.put("XDG_STATE_HOME", folder.resolve("state").toString());
        environment.put("CODEX_AUTH_POLICY", folder.resolve("policy.yaml").toString());
        environment.put("CODEX_AUTH_CODEX_CONFIG", folder.resolve("config.toml").toString());
        environment.put("TMPDIR", folder.resolve("tmp").toString());
        if (System.getenv("JAVA_HOME") != null) {
            environment.put("JAVA_HOME", System.getenv("JAVA_HOME"));
        }
        Cli cli = new Cli(folder, environment, List.of());
        for (String name : List.of("home", "work", "tmp", "state")) {
            cli.makeFolder(name);
        }
        cli.write("policy.yaml", """
                version: 1
                job-may-write-policy: true
                allow:
                  - platform: none
                """);
        cli.write("config.toml", RealCodex.config(standIn));
        return cli;
    }

    /** The same machine with other variables. */
    Cli with(String variable, String value) {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(variable, value);
        return new Cli(folder, more, wrapper);
    }

    /** The same machine, whose jobs get this much of a login unless they ask for something else. */
    Cli giving(String level) {
        return with("CODEX_AUTH_GIVE", level);
    }

    Cli without(String variable) {
        Map<String, String> fewer = new TreeMap<>(environment);
        fewer.remove(variable);
        return new Cli(folder, fewer, wrapper);
    }

    /** The same machine with other programs found before its own. */
    Cli withFirstOnPath(Path programs) {
        return with("PATH", programs + ":" + environment.get("PATH"));
    }

    /** The same machine, where nothing that is started can make a user namespace of its own. */
    Cli withoutUserNamespaces() {
        List<String> inside = List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "sh",
                "-c",
                "echo 0 > /proc/sys/user/max_user_namespaces && exec \"$@\"",
                "-");
        List<String> probe = new ArrayList<>(inside);
        probe.add("true");
        Assumptions.assumeTrue(run(probe), "skipped: this test has to limit the user namespaces of its own");
        return new Cli(folder, environment, inside);
    }

    /**
     * The same machine with a file in {@code /etc}, such as {@code codex-auth/policy.yaml}, seen by what is started
     * here alone. Needs root and the right to mount; skips the test otherwise.
     */
    Cli withEtc(String file, String content) {
        makeFolder("etc");
        // A copy in the place of the whole folder, made where nobody else sees it: the file's folder need not exist.
        List<String> inside = List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o mode=0755 tmpfs \"$0\" && cp -a /etc/. \"$0\" && mkdir -p \"$0/${2%/*}\" && cp \"$1\" \"$0/$2\""
                        + " && mount --bind \"$0\" /etc && shift 2 && exec \"$@\"",
                folder.resolve("etc").toString(),
                write("etc-file", content).toString(),
                file);
        List<String> probe = new ArrayList<>(inside);
        probe.add("true");
        Assumptions.assumeTrue(run(probe), "skipped: this test has to mount something in the place of /etc");
        return new Cli(folder, environment, inside);
    }

    private static boolean run(List<String> command) {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A job of a private repository on a self-hosted runner, by nobody but a person, on a machine without a policy. */
    Cli inGitHubActions() {
        Path payload = write("event.json", """
                {"repository": {"full_name": "acme/app", "private": true, "fork": false, "visibility": "private"}}""");
        return without("CODEX_AUTH_POLICY")
                .with("CI", "true")
                .with("GITHUB_ACTIONS", "true")
                .with("GITHUB_ACTOR", "octocat")
                .with("GITHUB_REPOSITORY", "acme/app")
                .with("GITHUB_RUN_ID", "4711")
                .with("GITHUB_EVENT_NAME", "push")
                .with("GITHUB_EVENT_PATH", payload.toString())
                .with("RUNNER_ENVIRONMENT", "self-hosted");
    }

    Path folder() {
        return folder;
    }

    Path storeFolder() {
        return folder.resolve("state/codex-auth");
    }

    Path write(String name, String content) {
        return write(name, content.getBytes(StandardCharsets.UTF_8));
    }

    Path write(String name, byte[] content) {
        try {
            Path file = folder.resolve(name);
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a login into the store under the name {@code ci}. */
    void seed(Login login) {
        Path file = write("seed.json", login.authJson());
        Result seeded = run("seed", "--id", "ci", "--seed-file", file.toString());
        if (seeded.exitCode() != 0) {
            throw new AssertionError(seeded);
        }
    }

    /** {@code codex-auth run --id ci -- COMMAND…} */
    Result runJob(String... command) {
        return run(job(command));
    }

    /** A job that is one {@code codex exec}. */
    Result runCodex() {
        return runJob(codexExec());
    }

    static String[] codexExec(String... options) {
        return Stream.of(Stream.of("codex", "exec", "--skip-git-repo-check"), Stream.of(options), Stream.of("say done"))
                .flatMap(words -> words)
                .toArray(String[]::new);
    }

    static String[] job(String... command) {
        return Stream.concat(Stream.of("run", "--id", "ci", "--"), Stream.of(command))
                .toArray(String[]::new);
    }

    /** Runs codex-auth to its end. */
    Result run(String... arguments) {
        return start(arguments).result();
    }

    /** Runs codex-auth in a pseudo-terminal, whose output is then that of stdout. */
    Result runAtTerminal(String... arguments) {
        return runAtTerminal(List.of(), arguments);
    }

    /** @param wrapper words before the command, which run in the terminal too */
    Result runAtTerminal(List<String> wrapper, String... arguments) {
        String words = Stream.concat(wrapper.stream(), command(arguments).stream())
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        return launch(List.of("script", "--quiet", "--return", "--command", words, "/dev/null"))
                .result();
    }

    /** Starts codex-auth. */
    Running start(String... arguments) {
        return launch(command(arguments));
    }

    /** Runs any command on this machine to its end. */
    Result runCommand(List<String> command) {
        return launch(command).result();
    }

    /** Starts any command on this machine. */
    Running startCommand(List<String> words) {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(DEFAULT_SIGNALS);
        command.addAll(words);
        return launch(command);
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(DEFAULT_SIGNALS);
        command.add(LAUNCHER.toAbsolutePath().toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * Runs a script of bash to its end, in which {@code $0} is codex-auth and {@code ${0%/*}} the folder it lies in.
     */
    Result shell(String script) {
        List<String> command = new ArrayList<>(DEFAULT_SIGNALS);
        command.addAll(List.of("bash", "-c", script, LAUNCHER.toAbsolutePath().toString()));
        return launch(command).result();
    }

    private Running launch(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.resolve("work").toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new Running(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A pipe by which a job waits for the test. */
    String makeFifo() {
        return makeFifo("fifo");
    }

    /** A named pipe that nobody writes to. */
    String makeFifo(String name) {
        Path fifo = folder.resolve(name);
        try {
            if (new ProcessBuilder("mkfifo", "-m", "600", fifo.toString())
                            .start()
                            .waitFor()
                    != 0) {
                throw new AssertionError("mkfifo failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return fifo.toString();
    }

    /**
     * Lets several jobs go on that read from the pipe, each a line of its own. Of writers that open and close it one
     * after the other, one can let two jobs pass, and the next then waits for nobody.
     *
     * @return to be closed when all of them have gone on
     */
    FileChannel openFifo(int jobs) throws IOException {
        FileChannel both = FileChannel.open(folder.resolve("fifo"), StandardOpenOption.READ, StandardOpenOption.WRITE);
        both.write(ByteBuffer.wrap("go\n".repeat(jobs).getBytes(StandardCharsets.US_ASCII)));
        return both;
    }

    /** Lets the job that reads from the pipe go on. */
    void openFifo() {
        try {
            Files.writeString(folder.resolve("fifo"), "go\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void makeFolder(String name) {
        try {
            Files.createDirectories(
                    folder.resolve(name),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
