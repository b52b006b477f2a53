package io.github.codexauth.runner.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.SignInMode;
import io.github.codexauth.runner.platform.Platforms;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.Evidence;
import io.github.codexauth.trust.Pins;
import io.github.codexauth.trust.Refusal;
import io.github.codexauth.trust.TrustDecision;
import io.github.codexauth.trust.TrustRule;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyFileTest {
    private static final CredentialRequest REQUEST =
            new CredentialRequest(SignInMode.MANAGED, List.of(new CredentialId("ci")));

    @TempDir
    private Path folder;

    @Test
    void everyKeyIsUnderstood() throws CodexAuthException {
        Policy policy = read("""
                version: 1
                machine: build-07
                allow:
                  - platform: github
                    repositories: [acme/*]
                    visibility: [private, internal]
                    runners: [self-hosted, github-hosted]
                    events: [push, workflow_run]
                    refs: [refs/heads/main]
                    forks: true
                    bots: [dependabot]
                    require: signed
                    issuers: [https://github.example.com/_services/token]
                    repository-ids: [1296269]
                    owner-ids: [9919]
                  - platform: none
                credentials:
                  codex-ci: {repositories: [acme/app], shared: true}
                issuers: [https://gitlab.example.com]
                job-may-write-policy: true
                allow-other-credentials: true
                """);

        assertThat(policy.trust().machine()).contains("build-07");
        assertThat(policy.trust().rules()).hasSize(2);
        TrustRule github = policy.trust().rules().get(0);
        assertThat(github.events()).contains(List.of("push", "workflow_run"));
        assertThat(github.outsiders()).isTrue();
        assertThat(github.required()).isEqualTo(Evidence.SIGNED);
        assertThat(policy.trust().credentials()).containsOnlyKeys(new CredentialId("codex-ci"));
        assertThat(policy.trust()
                        .credentials()
                        .get(new CredentialId("codex-ci"))
                        .shared())
                .isTrue();
        assertThat(github.bots()).contains(List.of("dependabot"));
        assertThat(github.pins())
                .isEqualTo(new Pins(
                        List.of("1296269"), List.of("9919"), List.of("https://github.example.com/_services/token")));
        assertThat(policy.issuers("github")).hasSize(1);
        assertThat(policy.jobMayWritePolicy()).isTrue();
        assertThat(policy.trust().allowOtherCredentials()).isTrue();
    }

    @Test
    void whatARuleDoesNotSayIsAsStrictAsTheDefault() throws CodexAuthException {
        TrustRule rule = read("version: 1\nallow: [{platform: github}]\n")
                .trust()
                .rules()
                .get(0);

        assertThat(rule.visibility()).contains(StandardPolicy.visibility());
        assertThat(rule.runners()).contains(StandardPolicy.runners());
        assertThat(rule.events()).contains(Platforms.harmlessEvents("github"));
        assertThat(rule.outsiders()).isFalse();
        assertThat(rule.bots()).contains(List.of());
    }

    @Test
    void namedIssuersReplaceTheVendorsAndEachRuleTakesItsOwnSystemsAlone() throws CodexAuthException {
        String rules = """
                allow:
                  - {platform: github, require: signed}
                  - {platform: gitlab, require: signed}
                """;
        Policy usual = read("version: 1\n" + rules);
        Policy own = read(
                "version: 1\nissuers: [https://gitlab.example.com, https://ghe.example.com/_services/token]\n" + rules);

        assertThat(usual.issuers("github")).containsExactly(URI.create("https://token.actions.githubusercontent.com"));
        assertThat(usual.issuers("gitlab")).containsExactly(URI.create("https://gitlab.com"));
        assertThat(own.issuers("github")).containsExactly(URI.create("https://ghe.example.com/_services/token"));
        assertThat(own.issuers("gitlab")).containsExactly(URI.create("https://gitlab.example.com"));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                arguments("version: 1\nalow: []", "line 2, column 1: unknown key 'alow'"),
                arguments("version: 1\nallow:\n  - platfrom: none", "line 3, column 5: unknown key 'platfrom'"),
                arguments(
                        "version: 1\nversion: 1\nallow: [{platform: none}]",
                        "line 2, column 1: 'version' stands here twice"),
                arguments(
                        "version: 2\nallow: [{platform: none}]", "line 1, column 10: this version of codex-auth reads"),
                arguments("allow: [{platform: none}]", "has no 'version'"),
                arguments("version: 1", "has no 'allow'"),
                arguments("version: 1\nallow: []", "line 2, column 8: this list is empty"),
                arguments("version: 1\nallow: none", "line 2, column 8: a list is expected"),
                arguments("version: 1\nallow: [{platform: gitlub}]", "'gitlub' is no platform"),
                arguments("version: 1\nallow: [{repositories: [a/b]}]", "this rule names no platform"),
                arguments("version: 1\nallow: [{platform: none, refs: [x]}]", "takes no other condition"),
                arguments(
                        "version: 1\nallow: [{platform: github, runners: [mine]}]",
                        "'mine' means nothing under 'runners'"),
                arguments("version: 1\nallow: [{platform: github, require: yes}]", "'require' is declared or signed"),
                arguments("version: 1\nallow: [{platform: github, forks: maybe}]", "'forks' is true or false"),
                arguments(
                        "version: 1\nallow: [{platform: none}]\nissuers: [http://example.com]",
                        "an issuer is an https address"),
                arguments(
                        "version: 1\nallow: [{platform: none}]\ncredentials: {A: {repositories: [x]}}",
                        "is not a credential id"),
                arguments(
                        "version: 1\nallow: [{platform: none}]\ncredentials: {a: {}}",
                        "this credential is not narrowed"),
                arguments(
                        "version: 1\nallow: [{platform: github, repository-ids: [acme/app]}]",
                        "an id is a number, not a name"),
                arguments(
                        "version: 1\nallow: [{platform: jenkins, owner-ids: [7]}]",
                        "a job of jenkins does not learn its 'owner-ids'"),
                arguments(
                        "version: 1\nallow: [{platform: github, bots: maybe}]",
                        "'bots' is true, false or a list of names"),
                arguments(
                        "version: 1\nallow: [{platform: gitlab, issuers: [https://gitlab.example.com]}]",
                        "'issuers' stands beside 'require: signed'"),
                arguments(
                        "version: 1\nallow: [{platform: github, require: signed, issuers: [https://gitlab.com]}]",
                        "[https://gitlab.com] do not sign for jobs of github"),
                arguments(
                        "version: 1\nallow: [{platform: github, require: signed}]\nissuers: [https://gitlab.com]",
                        "do not sign for jobs of github"),
                arguments("version: 1\nallow: &a [{platform: none}]", "anchors and aliases are not read"),
                arguments("&a version: 1\nallow: [{platform: none}]", "anchors and aliases are not read"),
                arguments("version: 1\n&a allow: [{platform: none}]", "anchors and aliases are not read"),
                arguments("version: 1\nallow: [{&a platform: none}]", "anchors and aliases are not read"),
                arguments(
                        "version: 1\nallow: [{platform: github, &a forks: true}]", "anchors and aliases are not read"),
                arguments("version: 1\nmachine: &a x\n*a : y\nallow: [{platform: none}]", "line 3"),
                arguments("version: 1\nallow: [!x {platform: none}]", "tags are not read"),
                arguments("version: 1\nallow: [{platform: !!str none}]", "tags are not read"),
                arguments("version: 1\n!!str allow: [{platform: none}]", "tags are not read"),
                arguments("version: 1\nallow: [{platform: none, <<: {forks: true}}]", "unknown key '<<'"),
                arguments("version: 1\n\"version\": 1\nallow: [{platform: none}]", "'version' stands here twice"),
                arguments("version: 1\n\"\\x76ersion\": 1\nallow: [{platform: none}]", "'version' stands here twice"),
                arguments("version: 1\n\ufeffallow: [{platform: none}]", "unknown key"),
                arguments("version: 1\nallow: " + "[".repeat(20_000), "nested too deeply"),
                arguments(
                        "version: 1\nallow: [{platform: none}]\n...\n---\nallow: [{platform: none}]",
                        "second document"),
                arguments("version: 1\nallow: [{platform: none", "this is not YAML"),
                arguments("- version: 1", "keys are expected here"),
                arguments("version: 1\n---\nversion: 1", "holds a second document"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsAnErrorWithItsPlace(String yaml, String problem) {
        assertThatThrownBy(() -> read(yaml + "\n"))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessageContaining(problem)
                .satisfies(e -> assertThat(((CodexAuthException) e).hint()).isNotBlank());
    }

    @Test
    void aFileThatOthersCanWriteOrThatIsTooLargeIsNotRead() throws IOException {
        Path file = write("version: 1\nallow: [{platform: none}]\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        assertThatThrownBy(() -> judge(file))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessageContaining("can be written by others");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> judge(file)).hasMessageContaining(folder + " can be written by others");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));

        Files.writeString(file, "#".repeat(70_000));
        assertThatThrownBy(() -> judge(file)).hasMessageContaining("has more than 65536 bytes");
    }

    @Test
    void aLinkThatLeadsThroughAFolderOfOthersIsNotFollowed() throws IOException {
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path real = Files.writeString(open.resolve("policy.yaml"), "version: 1\nallow: [{platform: none}]\n");
        Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), real);

        assertThatThrownBy(() -> judge(link)).hasMessageContaining(open + " can be written by others");
    }

    @Test
    void aChainOfLinksIsWalkedFolderByFolder() throws IOException {
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path middle =
                Files.createSymbolicLink(open.resolve("middle.yaml"), write("version: 1\nallow: [{platform: none}]\n"));
        Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), middle);

        assertThatThrownBy(() -> judge(link)).hasMessageContaining(open + " can be written by others");
    }

    @Test
    void aJobThatCouldChangeThePolicyIsRefusedUnlessThePolicyAcceptsThat() throws Exception {
        Path file = write("version: 1\nallow: [{platform: none}]\n");

        assertThat(judge(file))
                .isInstanceOfSatisfying(
                        TrustDecision.Refused.class,
                        refused -> assertThat(refused.reasons())
                                .extracting(Refusal::found)
                                .containsExactly("this job runs as a user who could change the policy " + file));
        Files.writeString(file, "version: 1\njob-may-write-policy: true\nallow: [{platform: none}]\n");
        assertThat(judge(file)).isInstanceOf(TrustDecision.Trusted.class);
    }

    @Test
    void aPolicyThatWasNamedHasToBeThere() {
        assertThatThrownBy(() -> judge(folder.resolve("missing.yaml"))).hasMessageContaining("no such file");
    }

    @Test
    void thePublishedSchemaKnowsTheSameKeysAndPlatforms() throws IOException {
        JsonNode schema =
                new JsonMapper().readTree(Path.of("../docs/policy.schema.json").toFile());

        assertThat(names(schema.path("properties"))).isEqualTo(PolicyReader.KEYS);
        assertThat(names(schema.at("/$defs/rule/properties"))).isEqualTo(PolicyReader.RULE_KEYS);
        assertThat(names(schema.at("/properties/credentials/additionalProperties/properties")))
                .isEqualTo(PolicyReader.CREDENTIAL_KEYS);
        Set<String> platforms = new TreeSet<>();
        schema.at("/$defs/rule/properties/platform/enum").forEach(name -> platforms.add(name.asText()));
        assertThat(platforms).containsExactlyInAnyOrderElementsOf(Platforms.names());
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private Policy read(String yaml) throws CodexAuthException {
        return new PolicyReader(folder.resolve("policy.yaml"))
                .read(yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private TrustDecision judge(Path policy) throws CodexAuthException {
        return TrustCheck.gather(Map.of(), Clock.systemUTC(), folder.resolve("none.yaml"), Optional.of(policy))
                .judge(REQUEST)
                .decision();
    }

    private Path write(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("policy.yaml"), yaml);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return file;
    }
}
