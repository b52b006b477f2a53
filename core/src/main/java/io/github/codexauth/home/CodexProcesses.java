package io.github.codexauth.home;

import io.github.codexauth.files.PathOwnership;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The Codex processes that use a home.
 *
 * <p>A process that outlives its job could refresh the login after we saved it, and nobody would keep what it got. So
 * it is ended, but never in the middle of a refresh: it is stopped, looked at, and either killed while it stands still
 * or allowed to go on until its refresh is over. What started it and could start it again goes with it.
 *
 * <p>A Codex is known by what it does, not by its name or by how its {@code CODEX_HOME} is written: from its first
 * moments on it keeps a file in its home open ({@code tmp/arg0*}, measured on 0.138.0, 0.169.0 and 0.171.0). For those
 * moments, its name and the home that its variables mean do. The variable alone would not: everything that a job starts
 * inherits it, databases and servers too.
 *
 * <p>In a home that is lent ({@link Tenant}) the processes are another user's, of which Linux shows less: there it is
 * any Codex of that user, by its name, and any connection of that user.
 *
 * <p>Knows Linux's {@code /proc}; elsewhere, and where {@code /proc} hides them, it finds nothing. Throws nothing but
 * an interrupt.
 */
public final class CodexProcesses {
    /**
     * A refresh takes 0.3 s, with a slow server some seconds. What has been connected for longer does something else.
     */
    private static final Duration LONGEST_REFRESH = Duration.ofMinutes(1);

    /**
     * How long killing is tried in a row, should something that cannot be seen start new ones, or one of them not be
     * ours to kill.
     */
    private static final Duration LONGEST_KILLING = Duration.ofSeconds(5);

    private static final long LOOK_AGAIN_AFTER_MILLIS = 50;

    private final Path home;
    private final ConnectionAges ages;

    /** As somebody who sees the processes' connections for the first time. */
    public CodexProcesses(Path home) {
        this(home, new ConnectionAges(System::nanoTime));
    }

    /** @param ages what is known of the connections' ages */
    public CodexProcesses(Path home, ConnectionAges ages) {
        this.home = real(home);
        this.ages = ages;
    }

    /**
     * Whether one of them may be refreshing the login at this moment: between its question to the server and its rename
     * of {@code auth.json} nobody should end it, or the new tokens are nobody's. More yes than no: whoever looks for
     * the first time cannot know a connection's age, so that any counts. Never throws.
     *
     * <p>Two signs, measured on Codex 0.138.0, 0.169.0 and 0.171.0: a Codex that uses the home has a TCP connection
     * that is not older than a refresh can take, or the file that Codex writes aside is there. Whom it is connected to
     * does not matter: that is a server, or one of many kinds of proxies, and their addresses change. Codex's lock
     * files are no sign: it takes them after the answer, and only to write. Elsewhere than on Linux the file is all
     * that can be seen.
     */
    public boolean mayBeRefreshing() {
        return mayBeRefreshing(running());
    }

    /**
     * Ends all of them.
     *
     * @param patience how long refreshes may take before they are ended all the same
     * @param waiting run once if there is something to wait for
     * @return how many there were
     */
    public int end(Patience patience, Runnable waiting) throws InterruptedException {
        Set<LinuxProcess> starters = new LinkedHashSet<>();
        try {
            return end(patience, waiting, starters);
        } finally {
            kill(starters);
            kill(abandonedHelpers());
        }
    }

    private int end(Patience patience, Runnable waiting, Set<LinuxProcess> starters) throws InterruptedException {
        Set<LinuxProcess> ended = new LinkedHashSet<>();
        boolean told = false;
        long began = System.nanoTime();
        long calmAt = began;
        List<LinuxProcess> running = running();
        while (!running.isEmpty() && since(calmAt).compareTo(LONGEST_KILLING) < 0) {
            starters.addAll(starters(running));
            // The starters stay stopped: nothing new comes while a refresh is waited for.
            signal("STOP", starters);
            signal("STOP", running);
            if (mayBeRefreshing(running) && patience.lasts(since(began))) {
                signal("CONT", running);
                if (!told) {
                    waiting.run();
                    told = true;
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_AFTER_MILLIS);
                calmAt = System.nanoTime();
            } else {
                kill(running);
                ended.addAll(running);
                awaitEnd(running);
            }
            running = running();
        }
        return ended.size();
    }

    /**
     * Looks twice before it denies: while others come and go, the kernel's list of connections leaves one out now and
     * then.
     */
    private boolean mayBeRefreshing(List<LinuxProcess> processes) {
        return isWriting() || haveNewConnection(processes) || haveNewConnection(processes);
    }

    private boolean haveNewConnection(List<LinuxProcess> processes) {
        return connections(processes).anyMatch(socket -> ages.isYounger(socket, LONGEST_REFRESH));
    }

    /** Of a tenant's processes it can be seen whose they are, and not which of them has a connection. */
    private Stream<String> connections(List<LinuxProcess> processes) {
        Optional<Integer> tenant = Tenant.of(home);
        return tenant.isPresent()
                        && processes.stream()
                                .anyMatch(process -> process.openFiles().isEmpty())
                ? TcpConnections.of(tenant.get(), ConnectionAges.OUR_NETWORK).stream()
                : processes.stream().flatMap(process -> process.connections().stream());
    }

    /** Whether Codex has just begun to write a login. One that lies there for longer is what a killed Codex left. */
    private boolean isWriting() {
        Instant since = Instant.now().minus(LONGEST_REFRESH);
        try (DirectoryStream<Path> asides = Files.newDirectoryStream(home, ".auth-*")) {
            for (Path aside : asides) {
                if (Files.getLastModifiedTime(aside).toInstant().isAfter(since)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException renamed) {
            // Renamed just now, and then the login is in auth.json; or there is no home.
            return false;
        }
        return false;
    }

    private List<LinuxProcess> running() {
        Set<LinuxProcess> ours = ourselves();
        Optional<Integer> tenant = Tenant.of(home);
        List<LinuxProcess> running = new ArrayList<>();
        for (LinuxProcess process : LinuxProcess.all()) {
            if (isCodexAtHome(process)
                    || !ours.contains(process) && hasOpenFileAtHome(process)
                    || tenant.isPresent() && isCodexOf(tenant, process)) {
                running.add(process);
            }
        }
        return running;
    }

    private boolean hasOpenFileAtHome(LinuxProcess process) {
        for (Path file : process.openFiles()) {
            if (file.startsWith(home)) {
                return true;
            }
        }
        return false;
    }

    private boolean isCodexAtHome(LinuxProcess process) {
        return process.executable().contains("codex")
                && (hasVariableOfHome(process) || process.variable("CODEX_HOME").isEmpty() && isUsersHome(process));
    }

    /**
     * Which home a tenant's Codex has cannot be seen. What another process of our user has started for the same tenant
     * is another job's.
     */
    private static boolean isCodexOf(Optional<Integer> tenant, LinuxProcess process) {
        return process.name().startsWith("codex")
                && process.user().equals(tenant)
                && process.environment().isEmpty()
                && !isOfAnotherJob(process);
    }

    private static boolean isOfAnotherJob(LinuxProcess process) {
        Optional<Integer> us = PathOwnership.currentUser();
        long ourselves = ProcessHandle.current().pid();
        return process.ancestors().stream()
                .anyMatch(ancestor -> ancestor.pid() != ourselves
                        && us.isPresent()
                        && ancestor.user().equals(us));
    }

    private boolean hasVariableOfHome(LinuxProcess process) {
        return process.variable("CODEX_HOME")
                .filter(path -> process.means(path, home))
                .isPresent();
    }

    /** Where Codex looks without the variable; somebody may have linked it to our home. */
    private boolean isUsersHome(LinuxProcess process) {
        return process.variable("HOME")
                .filter(user -> process.means(user + "/.codex", home))
                .isPresent();
    }

    /**
     * What of the job started these processes, such as a script with a loop in it: it was given the job's home, and is
     * not our own caller.
     */
    private List<LinuxProcess> starters(List<LinuxProcess> processes) {
        Set<LinuxProcess> ours = ourselves();
        return processes.stream()
                .flatMap(process -> process.ancestors().stream())
                .filter(ancestor -> !ours.contains(ancestor) && !processes.contains(ancestor))
                .filter(this::hasVariableOfHome)
                .distinct()
                .toList();
    }

    /**
     * Codex's helpers for files that lost their Codex. Codex (0.159.0 to 0.171.0) sometimes ends a sandbox that is
     * still being set up; what was to become the helper then waits for ever. It has no {@code CODEX_HOME}, and its
     * words or its {@code PATH} name the home.
     */
    private List<LinuxProcess> abandonedHelpers() {
        List<LinuxProcess> helpers = new ArrayList<>();
        for (LinuxProcess process : LinuxProcess.all()) {
            List<String> words = process.commandLine();
            if (words.contains("--codex-run-as-fs-helper") && (namesHome(words) || namesHome(process.environment()))) {
                helpers.add(process);
            }
        }
        return helpers;
    }

    private boolean namesHome(List<String> words) {
        for (String word : words) {
            if (word.contains(home.toString())) {
                return true;
            }
        }
        return false;
    }

    private static Set<LinuxProcess> ourselves() {
        LinuxProcess self = new LinuxProcess(ProcessHandle.current().pid());
        Set<LinuxProcess> ours = new LinkedHashSet<>(self.ancestors());
        ours.add(self);
        return ours;
    }

    private static void kill(Collection<LinuxProcess> processes) {
        for (LinuxProcess process : processes) {
            process.handle().ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static void awaitEnd(List<LinuxProcess> processes) throws InterruptedException {
        for (LinuxProcess process : processes) {
            try {
                var handle = process.handle();
                if (handle.isPresent()) {
                    handle.get().onExit().get(1, TimeUnit.SECONDS);
                }
            } catch (ExecutionException | TimeoutException notYet) {
                // The next look finds it again.
                continue;
            }
        }
    }

    /** Java sends no signals but TERM and KILL; the shell's built-in kill is everywhere. */
    private static void signal(String name, Collection<LinuxProcess> processes) throws InterruptedException {
        if (processes.isEmpty()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -s \"$@\"", "sh", name));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        try {
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException noShell) {
            // Then they are ended without having been stopped first.
        }
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException gone) {
            return folder.toAbsolutePath();
        }
    }
}
