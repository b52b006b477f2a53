package io.jenkins.plugins.codexauth.engine;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.EnvVars;
import hudson.model.ItemGroup;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.slaves.DumbSlave;
import hudson.slaves.RetentionStrategy;
import hudson.util.Secret;
import io.github.codexauth.CredentialId;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.standin.StandIn;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.NeedsLogin;
import io.github.codexauth.store.Revision;
import io.jenkins.plugins.codexauth.account.CodexAccountCredentials;
import io.jenkins.plugins.codexauth.lease.ControllerStores;
import io.jenkins.plugins.codexauth.lease.JenkinsCredentialStore;
import io.jenkins.plugins.codexauth.trust.TrustedAgentProperty;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import jenkins.model.Jenkins;
import org.awaitility.Awaitility;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** A real Jenkins with a real agent process, the real Codex on its PATH, and a stand-in for OpenAI's servers. */
public final class Lab {
    /** The credential that most tests use. */
    public static final String ACCOUNT = "codex-ci";

    /** Enough for every build of a queue to have a place on the agent. */
    private static final int EXECUTORS = 25;

    private final JenkinsRule jenkins;
    private final StandIn standIn;

    /** Nobody but people who signed in can see anything of this Jenkins. */
    public Lab(JenkinsRule jenkins, StandIn standIn) {
        this.jenkins = jenkins;
        this.standIn = standIn;
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin"));
    }

    /** A trusted agent, online, with that name as its label. */
    public DumbSlave agent(String name) throws Exception {
        return agent(name, EXECUTORS);
    }

    /** The same with that many executors. */
    DumbSlave agent(String name, int executors) throws Exception {
        return agent(name, executors, Map.of());
    }

    /** The same whose process has these variables, too. */
    DumbSlave agent(String name, int executors, Map<String, String> more) throws Exception {
        Path folder =
                jenkins.jenkins.getRootDir().toPath().resolve("agent-work-dirs").resolve(name);
        EnvVars environment = environment();
        environment.putAll(more);
        DumbSlave agent = new DumbSlave(name, folder.toString(), jenkins.createComputerLauncher(environment));
        agent.setLabelString(name);
        agent.setNumExecutors(executors);
        agent.setRetentionStrategy(new RetentionStrategy.Always());
        agent.getNodeProperties().add(new TrustedAgentProperty());
        jenkins.jenkins.addNode(agent);
        jenkins.waitOnline(agent);
        return agent;
    }

    /** The same, which comes back when it is told to, and not when Jenkins next looks after its agents. */
    public DumbSlave unsteadyAgent(String name) throws Exception {
        DumbSlave agent = agent(name);
        agent.setRetentionStrategy(RetentionStrategy.NOOP);
        return agent;
    }

    private EnvVars environment() {
        RealCodex codex = RealCodex.get();
        return new EnvVars(
                "PATH",
                codex.folder() + ":" + System.getenv("PATH"),
                "CODEX_REFRESH_TOKEN_URL_OVERRIDE",
                standIn.tokenUrl(),
                "CODEX_REVOKE_TOKEN_URL_OVERRIDE",
                standIn.url() + "/oauth/revoke",
                "CODEX_AUTHAPI_BASE_URL",
                standIn.url());
    }

    /** A Codex account of Jenkins' own. */
    public void account(String id, Login login) throws Exception {
        account(Jenkins.get(), id, login);
    }

    /** A Codex account of a folder's. */
    public void account(ItemGroup<?> place, String id, Login login) throws Exception {
        store(place)
                .addCredentials(
                        Domain.global(), new CodexAccountCredentials(CredentialsScope.GLOBAL, id, "", secret(login)));
    }

    /** A Codex account of Jenkins' own that several builds may have at once. */
    void sharedAccount(String id, Login login) throws Exception {
        CodexAccountCredentials credential =
                new CodexAccountCredentials(CredentialsScope.GLOBAL, id, "", secret(login));
        credential.setShared(true);
        store(Jenkins.get()).addCredentials(Domain.global(), credential);
    }

    public static Secret secret(Login login) {
        return Secret.fromString(new String(login.authJson(), StandardCharsets.UTF_8));
    }

    /** A Secret text. */
    public void text(String id, String value) throws IOException {
        store(Jenkins.get())
                .addCredentials(
                        Domain.global(),
                        new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "", Secret.fromString(value)));
    }

    public static CredentialsStore store(ItemGroup<?> place) {
        for (CredentialsStore store : CredentialsProvider.lookupStores(place)) {
            if (store.getContext() == place) {
                return store;
            }
        }
        throw new AssertionError("there is no store of " + place.getFullName());
    }

    /** A Pipeline job. */
    public WorkflowJob job(String name, String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    /** A block with the usual account around shell commands. */
    public String block(String... commands) {
        return blockWith("give: 'all', authJson: '" + ACCOUNT + "'", commands);
    }

    /** A block with options around shell commands, each a step. */
    public String blockWith(String options, String... commands) {
        StringBuilder steps = new StringBuilder();
        for (String command : commands) {
            steps.append("    sh '''").append(command).append(" '''\n");
        }
        return "node('agent') {\n  withCodexAuth(" + options + ", config: '''" + RealCodex.config(standIn) + "''') {\n"
                + steps + "  }\n}\n";
    }

    /** A whole Codex run, as people write it. */
    public static final String CODEX = "codex exec --skip-git-repo-check hi < /dev/null";

    /** The same in a home whose settings are not the test's, as a binding makes it. */
    public String codexWithoutConfig() {
        return "codex exec -c chatgpt_base_url='\"" + standIn.url()
                + "/backend-api\"' -c model_provider=standin -c model_providers.standin='"
                + "{name=\"standin\",base_url=\"" + standIn.url() + "/backend-api/codex\",wire_api=\"responses\","
                + "requires_openai_auth=true,supports_websockets=false,request_max_retries=0,stream_max_retries=0}'"
                + " --skip-git-repo-check hi < /dev/null";
    }

    /** What people read beside a build's item in the build queue. */
    static Optional<String> why(WorkflowRun run) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            return Arrays.stream(Queue.getInstance().getItems())
                    .filter(item -> run.equals(item.task.getOwnerExecutable()))
                    .map(Queue.Item::getWhy)
                    .findFirst();
        }
    }

    static void awaitInQueue(WorkflowRun run, String why) {
        Lab.await(() -> why(run).filter(text -> text.contains(why)).isPresent());
    }

    public WorkflowRun success(WorkflowJob job) throws Exception {
        return jenkins.buildAndAssertSuccess(job);
    }

    public WorkflowRun failure(WorkflowJob job) throws Exception {
        return jenkins.buildAndAssertStatus(Result.FAILURE, job);
    }

    /** What is stored of an account of Jenkins' own. */
    public static Envelope stored(String id) throws Exception {
        return accounts().peek(new CredentialId(id)).orElseThrow();
    }

    /** Notes that the stored login of an account of Jenkins' own needs a new one. */
    static void note(String id, NeedsLogin needs) throws Exception {
        Holder holder = new Holder("a test", needs.since());
        try (Lease lease = accounts().acquire(new CredentialId(id), holder, Duration.ZERO, busy -> {})) {
            lease.note(Revision.of(lease.load()), Health.needing(needs));
        }
    }

    /** The build that has an account of Jenkins' own, as others are told. */
    public static Optional<String> holder(String id) {
        return accounts()
                .occupancy(new CredentialId(id))
                .map(occupancy -> occupancy.holder().description());
    }

    public static JenkinsCredentialStore accounts() {
        return ControllerStores.get().store(Jenkins.get());
    }

    /** Every file below a folder whose content or name has one of these texts. */
    public static List<String> filesWith(Path folder, Iterable<String> texts) throws IOException {
        List<String> found = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    String content = content(file);
                    for (String text : texts) {
                        if (content.contains(text)) {
                            found.add(file + " has " + text.substring(0, 12) + "…");
                        }
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            /** Jenkins writes and removes files all the time; one that is gone has nothing. */
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
        return found;
    }

    private static String content(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException gone) {
            return "";
        }
    }

    /** Waits until something holds. */
    public static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(condition);
    }

    /**
     * Waits until a shell step has begun this command, and Jenkins knows: that the agent is at work already does not
     * mean that Jenkins has heard of it, and a step that is cut off before that has failed.
     */
    static void awaitShell(JenkinsRule rule, WorkflowRun run, String command) throws Exception {
        rule.waitForMessage("+ " + command, run);
    }

    /** The folder with everything of a build. */
    public static Path folder(Run<?, ?> build) {
        return build.getRootDir().toPath();
    }
}
