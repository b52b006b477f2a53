package io.jenkins.plugins.codexauth.benchmark;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.slaves.DumbSlave;
import io.github.codexauth.CredentialId;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn;
import io.jenkins.plugins.codexauth.engine.Lab;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * What {@code withCodexAuth} costs beside {@code withCredentials}: the same Jenkins, the same agent, the same {@code sh
 * 'true'}, build by build in turn. And how long a refreshed file is on its way from the agent's disk to the
 * controller's.
 */
@WithJenkins
class StepOverhead {
    private static final int TIMES = Integer.getInteger("benchmark.times", 40);
    private static final int WARM_UP = Integer.getInteger("benchmark.warmUp", 10);
    private static final int REFRESHES = 300;
    private static final int OTHER_ACCOUNTS = Integer.getInteger("benchmark.accounts", 0);

    private final Map<String, Way> ways = new LinkedHashMap<>();
    private final PrintStream out;

    StepOverhead() throws IOException {
        out = new PrintStream(Files.newOutputStream(Path.of("target/step-overhead.md")), true, StandardCharsets.UTF_8);
    }

    /** One way to hand a credential to {@code sh 'true'}. */
    private record Way(String step, WorkflowJob job, List<BlockTimes> times) {}

    @Test
    void measure(JenkinsRule jenkins) throws Exception {
        try (StandIn standIn = StandIn.start()) {
            Lab lab = new Lab(jenkins, standIn);
            DumbSlave agent = lab.agent("agent");
            Login login = standIn.newLogin(Duration.ofDays(9));
            lab.account("account", login);
            for (int i = 0; i < OTHER_ACCOUNTS; i++) {
                AccountsAtScale.add("other-" + i);
            }
            Lab.store(Jenkins.get())
                    .addCredentials(
                            Domain.global(),
                            new FileCredentialsImpl(
                                    CredentialsScope.GLOBAL,
                                    "file",
                                    "",
                                    "auth.json",
                                    SecretBytes.fromBytes(login.authJson())));
            lab.text("key", standIn.newApiKey());

            way(lab, "file", "withCredentials", "[file(credentialsId: 'file', variable: 'AUTH_JSON')]");
            way(lab, "login", "withCodexAuth", "authJson: 'account'");
            way(lab, "text", "withCredentials", "[string(credentialsId: 'key', variable: 'CODEX_API_KEY')]");
            way(lab, "key", "withCodexAuth", "apiKey: 'key'");
            for (int round = 0; round < WARM_UP + TIMES; round++) {
                List<Way> turn = new ArrayList<>(ways.values());
                // Whoever comes after a slow one has to share the machine with what that left to do.
                Collections.rotate(turn, round);
                for (Way way : turn) {
                    WorkflowRun run = lab.success(way.job());
                    if (round >= WARM_UP) {
                        way.times().add(BlockTimes.of(run, way.step()));
                    }
                }
            }
            out.printf(Locale.ROOT, "## A block around `sh 'true'`, median of %d%n%n", TIMES);
            print("authJson", "file", "login");
            print("apiKey", "text", "key");
            durable(jenkins, lab, agent);
        }
    }

    private void way(Lab lab, String name, String step, String options) throws Exception {
        String script = "node('agent') { " + step + "(" + options + ") { sh 'true' } }";
        ways.put(name, new Way(step, lab.job(name, script), new ArrayList<>()));
    }

    private void print(String option, String theirs, String ours) {
        out.println("| | before | `sh` | after | block | whole build |");
        out.println("|---|---:|---:|---:|---:|---:|");
        row("`withCredentials`, " + theirs, ways.get(theirs));
        row("`withCodexAuth`, `" + option + "`", ways.get(ours));
        out.printf(
                Locale.ROOT,
                "| ratio | | | | %.2f | %.2f |%n%n",
                ratio(ours, theirs, BlockTimes::block),
                ratio(ours, theirs, BlockTimes::build));
    }

    private void row(String name, Way way) {
        out.printf(
                Locale.ROOT,
                "| %s | %d ms | %d ms | %d ms | %d ms | %d ms |%n",
                name,
                median(way, BlockTimes::before),
                median(way, BlockTimes::body),
                median(way, BlockTimes::after),
                median(way, BlockTimes::block),
                median(way, BlockTimes::build));
    }

    private double ratio(String ours, String theirs, ToLongFunction<BlockTimes> what) {
        return (double) median(ways.get(ours), what) / median(ways.get(theirs), what);
    }

    private static long median(Way way, ToLongFunction<BlockTimes> what) {
        long[] sorted = way.times().stream().mapToLong(what).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** A block holds the home with the whole login, and we put files into it as Codex does. */
    private void durable(JenkinsRule jenkins, Lab lab, DumbSlave agent) throws Exception {
        Instant start = Instant.now().minus(Duration.ofDays(1));
        Login login = Login.unknownToAnyServer("acme", "bot", start, Duration.ofDays(10));
        lab.account("durable", login);
        WorkflowJob job = lab.job(
                "durable",
                "node('agent') { withCodexAuth(authJson: 'durable', give: 'all') { sh 'until [ -e over ]; do sleep 1; done' } }");
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("+ [ -e over ]", run);
        Path root = Path.of(agent.getRemoteFS()).resolve("workspace");
        Path home;
        try (Stream<Path> homes = Files.list(root.resolve("durable@tmp/codex-auth"))) {
            home = homes.findFirst().orElseThrow();
        }
        Path stored = Lab.accounts().folder(new CredentialId("durable"));
        long[] nanos = new long[REFRESHES];
        for (int i = -20; i < REFRESHES; i++) {
            login.rotate(start.plusSeconds(i + 100), Duration.ofDays(10));
            Path aside = Files.write(home.resolve(".auth-new"), login.authJson());
            Object before = inode(stored);
            Files.move(aside, home.resolve("auth.json"), StandardCopyOption.ATOMIC_MOVE);
            long renamed = System.nanoTime();
            while (inode(stored).equals(before)) {
                LockSupport.parkNanos(100_000);
            }
            // Whoever stored it may be about to do the same; after this it is durable in any case.
            try (FileChannel folder = FileChannel.open(stored)) {
                folder.force(true);
            }
            if (i >= 0) {
                nanos[i] = System.nanoTime() - renamed;
            }
            // The next refresh of a real login is days away.
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        Files.createFile(root.resolve("durable/over"));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        Arrays.sort(nanos);
        out.printf(
                Locale.ROOT,
                "## A refreshed file, from Codex's rename on the agent to durable on the controller%n%n"
                        + "%d times: median %.1f ms, p99 %.1f ms, worst %.1f ms%n",
                REFRESHES,
                nanos[REFRESHES / 2] / 1e6,
                nanos[(int) (REFRESHES * 0.99)] / 1e6,
                nanos[REFRESHES - 1] / 1e6);
    }

    private static Object inode(Path folder) throws IOException {
        return Files.getAttribute(folder.resolve("current.json"), "unix:ino");
    }
}
