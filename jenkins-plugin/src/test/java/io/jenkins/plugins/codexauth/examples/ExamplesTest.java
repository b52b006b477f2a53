package io.jenkins.plugins.codexauth.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.triggers.TimerTrigger;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.Npm;
import io.github.codexauth.standin.StandIn;
import io.github.codexauth.standin.StandIn.Event.ModelCall;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.testing.DockerDaemon;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.codexauth.account.Accounts;
import io.jenkins.plugins.codexauth.account.CodexAccountCredentials;
import io.jenkins.plugins.codexauth.account.FleetStore;
import io.jenkins.plugins.codexauth.engine.CodexImage;
import io.jenkins.plugins.codexauth.engine.Lab;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.SingleFileSCM;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * The files in {@code examples/jenkins}, as they are: {@code casc.yaml} sets Jenkins up, an agent process connects, and
 * the jobs run the real Codex.
 */
@WithJenkins
class ExamplesTest {
    private static final Path EXAMPLES = Npm.repository().resolve("examples/jenkins");
    private static final Pattern GROOVY = Pattern.compile("```groovy\n(.*?)```", Pattern.DOTALL);
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final String CONTAINER = "docker.image(";
    private static final List<String> PROPERTIES = List.of("SECRETS_FOLDER", "AGENT_FOLDER");

    private static StandIn standIn;
    private static JenkinsRule jenkins;
    private static InboundAgent agent;
    private static Login login;
    private static String key;

    @BeforeAll
    static void setUp(JenkinsRule rule, @TempDir Path folder) throws Exception {
        jenkins = rule;
        standIn = StandIn.start();
        login = standIn.newLogin(Duration.ofHours(-1));
        key = standIn.newApiKey();
        Path secrets = Files.createDirectory(folder.resolve("secrets"));
        Files.write(secrets.resolve("codex-auth.json"), login.authJson());
        Files.writeString(secrets.resolve("openai-key"), key);
        Files.writeString(secrets.resolve("admin-password"), "of no use");
        // Codex warns about homes below /tmp.
        Path machine = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "machine");
        InboundAgent.git(machine);
        System.setProperty("SECRETS_FOLDER", secrets.toString());
        System.setProperty("AGENT_FOLDER", machine.toString());
        configure();
        agent = InboundAgent.start(rule, "codex-1", machine, standIn);
    }

    @AfterAll
    static void tearDown() throws Exception {
        agent.close();
        PROPERTIES.forEach(System::clearProperty);
        jenkins.after();
        standIn.close();
    }

    @BeforeEach
    void theLoginIsInNeedOfARefresh() {
        standIn.endAccessTokens();
    }

    @AfterEach
    void noTokenWasEverUsedTwice() {
        assertThat(standIn.events(Reused.class)).isEmpty();
    }

    @Test
    void declarative() throws Exception {
        WorkflowRun build = jenkins.buildAndAssertSuccess(pipeline("Jenkinsfile.declarative"));

        assertThat(JenkinsRule.getLog(build))
                .contains("[codex-auth] Codex refreshed the login; it is stored as generation ");
        assertThat(lastCredential()).isEqualTo(login.current().accessToken());
    }

    @Test
    void scripted() throws Exception {
        WorkflowRun build = jenkins.buildAndAssertSuccess(pipeline("Jenkinsfile.scripted"));

        assertThat(standIn.events(ModelCall.class).stream()
                        .filter(call -> call.credential().equals(key)))
                .hasSize(2);
        assertThat(lastCredential()).isEqualTo(login.current().accessToken());
        assertThat(build.getArtifacts())
                .extracting(artifact -> artifact.getFileName())
                .containsExactlyInAnyOrder("bugs.md", "tests.md");
        assertThat(JenkinsRule.getLog(build)).doesNotContain(key);
    }

    @Test
    void keepAlive() throws Exception {
        WorkflowJob job = pipeline("Jenkinsfile.keepalive");
        int before = standIn.rotations();
        jenkins.buildAndAssertSuccess(job);

        assertThat(standIn.rotations()).isEqualTo(before + 1);
        TimerTrigger trigger = job.getTriggers().values().stream()
                .filter(TimerTrigger.class::isInstance)
                .map(TimerTrigger.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(trigger.getSpec()).isEqualTo("H 3 * * 1");
    }

    @Test
    void freestyle() throws Exception {
        byte[] xml = Files.readAllBytes(EXAMPLES.resolve("freestyle.xml"));
        FreeStyleProject job =
                (FreeStyleProject) Jenkins.get().createProjectFromXML("freestyle", new ByteArrayInputStream(xml));
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);

        assertThat(JenkinsRule.getLog(build))
                .contains("[codex-auth] Codex refreshed the login; it is stored as generation ");
        assertThat(lastCredential()).isEqualTo(login.current().accessToken());
    }

    @Test
    void configurationAsCodeLoadedAgainBringsNoOldLoginBack() throws Exception {
        WorkflowJob job = pipeline("Jenkinsfile.declarative");
        jenkins.buildAndAssertSuccess(job);
        long generation = Lab.stored("codex-ci").generation();

        configure();
        standIn.endAccessTokens();
        jenkins.buildAndAssertSuccess(job);

        assertThat(Lab.stored("codex-ci").generation()).isEqualTo(generation + 1);
    }

    @Test
    void configurationAsCodeShutsAnonymousOut() {
        assertThat(Jenkins.get().getACL().hasPermission2(Jenkins.ANONYMOUS2, Item.READ))
                .isFalse();
        assertThat(CredentialsProvider.lookupCredentialsInItemGroup(StandardCredentials.class, Jenkins.get(), null))
                .extracting(StandardCredentials::getId)
                .containsExactlyInAnyOrder("codex-ci", "openai-key");
    }

    @Test
    void whatThePageShowsInGroovyRunsAsItIsPasted() throws Exception {
        List<String> blocks = groovy(block -> !block.contains(CONTAINER));

        assertThat(blocks).hasSize(5);
        Accounts.find("", "codex-ci").orElseThrow().credential().setShared(true);
        for (String block : blocks) {
            standIn.endAccessTokens();
            run(around(block));

            assertThat(lastCredential()).as(block).isEqualTo(login.current().accessToken());
        }
    }

    @Test
    void whatThePageShowsInGroovyForAContainerRunsInOne() throws Exception {
        DockerDaemon docker = DockerDaemon.get();
        CodexImage.load(docker, "ci/codex:1", InboundAgent.codex(CodexImage.CODEX, standIn));
        String variables = docker.environment().entrySet().stream()
                .map(variable -> "'" + variable.getKey() + "=" + variable.getValue() + "'")
                .collect(Collectors.joining(", "));
        List<String> blocks = groovy(block -> block.contains(CONTAINER));

        assertThat(blocks).hasSize(1);
        // A checkout, and a daemon that is this test's own.
        run("node('codex') { sh 'git init --quiet' }\nwithEnv([" + variables + "]) {\n" + blocks.get(0) + "}\n");

        assertThat(lastCredential()).isEqualTo(login.current().accessToken());
    }

    private static List<String> groovy(Predicate<String> which) throws IOException {
        String page = Files.readString(Npm.repository().resolve("docs/jenkins.md"));
        return GROOVY.matcher(page)
                .results()
                .map(block -> block.group(1))
                .filter(which)
                .toList();
    }

    private static void run(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script, true));
        jenkins.buildAndAssertSuccess(job);
    }

    @Test
    void whatThePageShowsInYamlIsLoadedAsItIsPasted(@TempDir Path folder) throws Exception {
        String page = Files.readString(Npm.repository().resolve("docs/jenkins.md"));
        Matcher yaml = YAML.matcher(page);
        assertThat(yaml.find()).isTrue();
        Path file = Files.writeString(folder.resolve("page.yaml"), yaml.group(1));
        try {
            ConfigurationAsCode.get().configure(file.toUri().toString());

            CodexAccountCredentials account =
                    Accounts.find("", "codex-fleet").orElseThrow().credential();
            assertThat(account.isShared()).isTrue();
            assertThat(account.getStore())
                    .extracting(FleetStore::getAddress, FleetStore::getPasswordId, FleetStore::getIdentityId)
                    .containsExactly(
                            "postgresql://codex_auth_runner@db.example.com/codex_auth",
                            "codex-store",
                            "codex-identity");
        } finally {
            configure();
        }
    }

    /** What readers have around it. */
    private static String around(String block) {
        if (block.startsWith("stage")) {
            return "pipeline {\n agent none\n stages {\n" + block + " }\n}\n";
        }
        return block.contains("node(") ? block : "node('codex') {\n" + block + "}\n";
    }

    private static void configure() throws Exception {
        ConfigurationAsCode.get()
                .configure(EXAMPLES.resolve("casc.yaml").toUri().toString());
    }

    /** A job whose Jenkinsfile is the example, from a repository in which there is nothing else. */
    private static WorkflowJob pipeline(String file) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsScmFlowDefinition(
                new SingleFileSCM("Jenkinsfile", Files.readString(EXAMPLES.resolve(file))), "Jenkinsfile"));
        return job;
    }

    private static String lastCredential() {
        List<ModelCall> calls = standIn.events(ModelCall.class);
        return calls.get(calls.size() - 1).credential();
    }
}
