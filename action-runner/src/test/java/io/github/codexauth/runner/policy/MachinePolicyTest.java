package io.github.codexauth.runner.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.SignInMode;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.Refusal;
import io.github.codexauth.trust.TrustDecision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine's policy is a floor: a file that a job names can take away from it, and give nothing. */
class MachinePolicyTest {
    private static final CredentialRequest REQUEST =
            new CredentialRequest(SignInMode.MANAGED, List.of(new CredentialId("ci")));
    private static final Map<String, String> BY_HAND = Map.of();

    /** A job that declares nothing, and whose rule therefore has to give every condition up. */
    private static final Map<String, String> IN_CI = Map.of("BUILDKITE", "true");

    private static final String BY_HAND_ONLY = "allow: [{platform: none}]\n";
    private static final String EVERYTHING = """
            job-may-write-policy: true
            allow-other-credentials: true
            allow:
              - platform: none
              - {platform: buildkite, visibility: [any], runners: [any], events: [any], forks: true, bots: true}
            """;

    @TempDir
    private Path folder;

    private Path machines;

    @BeforeEach
    void noPolicyYet() {
        machines = folder.resolve("machine.yaml");
    }

    @Test
    void aFileOfTheJobsOwnDoesNotReplaceTheMachines() throws Exception {
        write(machines, "job-may-write-policy: true\nallow: [{platform: github, require: signed}]\n");
        Path own = write(folder.resolve("own.yaml"), EVERYTHING);

        assertRefused(judge(IN_CI, own), machines + " has no rule for buildkite");
        assertRefused(judge(BY_HAND, own), "and " + machines + " does not allow that");
    }

    @Test
    void theJobsOwnFileCanNarrowTheMachinesWhoeverCouldWriteIt() throws Exception {
        write(machines, EVERYTHING);
        Path narrower = write(folder.resolve("narrower.yaml"), BY_HAND_ONLY);

        assertThat(judge(IN_CI, null)).isInstanceOf(TrustDecision.Trusted.class);
        assertThat(judge(BY_HAND, narrower)).isInstanceOf(TrustDecision.Trusted.class);
        assertRefused(judge(IN_CI, narrower), narrower + " has no rule for buildkite");
    }

    @Test
    void whatLoosensCountsInTheMachinesOwnFileAlone() throws Exception {
        Path own = write(folder.resolve("own.yaml"), EVERYTHING);
        write(machines, "allow: [{platform: none}]\n");
        assertRefused(judge(BY_HAND, own), "a user who could change the policy " + machines);

        write(machines, "job-may-write-policy: true\nallow: [{platform: buildkite}]\n");
        TrustDecision decision = judge(IN_CI, own);
        assertRefused(decision, "the kind of runner is not known");
        assertRefused(decision, "whether the change comes from outside");
        assertRefused(decision, "the event is not known");
        assertRefused(decision, "bots that the change comes from is not known");

        write(machines, "job-may-write-policy: true\nallow: [{platform: none}]\n");
        assertRefused(
                judge(Map.of("CODEX_API_KEY", "sk-x"), own),
                "another credential for Codex is in the job's environment");
    }

    @Test
    void theMachinesFileIsItselfUnderWhateverNameItIsGiven() throws Exception {
        write(machines, EVERYTHING);
        Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), machines);

        assertThat(check(IN_CI, Optional.of(link)).policy()).isEqualTo(machines.toString());
        assertThat(check(IN_CI, Optional.of(machines)).decision()).isInstanceOf(TrustDecision.Trusted.class);
    }

    @Test
    void withoutOneAJobOfACiSystemCannotBringItsOwnWhateverThatSays() throws Exception {
        Path own = write(folder.resolve("own.yaml"), EVERYTHING);

        assertRefused(judge(IN_CI, own), "a user who could change the policy " + own + ", and named it itself");
        assertThat(judge(BY_HAND, own)).as("a person's own machine").isInstanceOf(TrustDecision.Trusted.class);
    }

    @Test
    void aFloorThatCannotBeReadIsNotOneThatIsNotThere() throws Exception {
        Path own = write(folder.resolve("own.yaml"), EVERYTHING);
        Files.writeString(folder.resolve("file"), "");
        machines = folder.resolve("file/policy.yaml");
        assertThatThrownBy(() -> judge(BY_HAND, own))
                .hasMessageContaining("cannot see whether this machine has a policy");

        machines = Files.createSymbolicLink(folder.resolve("dangling.yaml"), folder.resolve("missing.yaml"));
        assertThatThrownBy(() -> judge(BY_HAND, own)).hasMessageContaining("no such file");
        write(folder.resolve("broken.yaml"), "alow: []\n");
        machines = folder.resolve("broken.yaml");
        assertThatThrownBy(() -> judge(BY_HAND, own)).isInstanceOf(InvalidPolicyException.class);
    }

    @Test
    void aNamedFileOfSomebodyElseIsNotReadBesideTheMachinesEither() throws Exception {
        write(machines, EVERYTHING);
        Path open = write(folder.resolve("open.yaml"), EVERYTHING);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThatThrownBy(() -> judge(IN_CI, open)).hasMessageContaining("can be written by others");
    }

    private static void assertRefused(TrustDecision decision, String reason) {
        assertThat(decision)
                .isInstanceOfSatisfying(
                        TrustDecision.Refused.class,
                        refused -> assertThat(refused.reasons())
                                .extracting(Refusal::found)
                                .anySatisfy(found -> assertThat(found).contains(reason)));
    }

    private TrustDecision judge(Map<String, String> environment, @org.jspecify.annotations.Nullable Path named)
            throws CodexAuthException {
        return check(environment, Optional.ofNullable(named)).decision();
    }

    private Verdict check(Map<String, String> environment, Optional<Path> named) throws CodexAuthException {
        return TrustCheck.gather(new HashMap<>(environment), Clock.systemUTC(), machines, named)
                .judge(REQUEST);
    }

    private static Path write(Path file, String yaml) throws IOException {
        Files.writeString(file, "version: 1\n" + yaml);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return file;
    }
}
