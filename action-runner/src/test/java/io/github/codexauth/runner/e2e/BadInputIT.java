package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.codexauth.standin.Login;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input gets one clear error and one hint, and changes nothing. */
class BadInputIT extends OnOneMachine {
    private Login login;

    @BeforeEach
    void machineWithALogin() {
        login = standIn.newLogin(Duration.ofDays(9));
        cli.seed(login);
    }

    static Stream<Arguments> unusableSeeds() {
        byte[] good = Login.unknownToAnyServer("a", "u", Instant.parse("2026-11-01T00:00:00Z"), Duration.ofDays(10))
                .authJson();
        String text = new String(good, StandardCharsets.UTF_8);
        byte[] large = new byte[5 * 1024 * 1024];
        Arrays.fill(large, (byte) ' ');
        return Stream.of(
                arguments("empty", new byte[0], "is empty"),
                arguments("truncated", Arrays.copyOf(good, good.length / 2), "is not complete JSON"),
                arguments("5 MB", large, "has 5242880 bytes"),
                arguments("Latin-1", "{\"auth_mode\":\"ö\"}".getBytes(StandardCharsets.ISO_8859_1), "is not UTF-8"),
                arguments("with a BOM", ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8), "byte order mark"),
                arguments("a list", "[]".getBytes(StandardCharsets.UTF_8), "not an object"),
                arguments(
                        "another auth_mode",
                        text.replace("\"chatgpt\"", "\"other\"").getBytes(StandardCharsets.UTF_8),
                        "auth_mode"),
                arguments(
                        "without auth_mode",
                        text.replace("auth_mode", "mode").getBytes(StandardCharsets.UTF_8),
                        "no auth_mode"),
                arguments(
                        "without refresh token",
                        text.replace("refresh_token", "other").getBytes(StandardCharsets.UTF_8),
                        "no refresh_token"),
                arguments(
                        "chatgptAuthTokens",
                        text.replace("\"chatgpt\"", "\"chatgptAuthTokens\"").getBytes(StandardCharsets.UTF_8),
                        "chatgptAuthTokens"),
                arguments(
                        "an API key's file",
                        "{\"auth_mode\":\"apikey\",\"OPENAI_API_KEY\":\"sk-1\"}".getBytes(StandardCharsets.UTF_8),
                        "holds an API key"),
                arguments(
                        "a plain key",
                        "sk-proj-12345678901234567890".getBytes(StandardCharsets.UTF_8),
                        "is not complete JSON"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unusableSeeds")
    void anUnusableSeedIsRefusedByRunAndBySeed(String name, byte[] content, String problem) {
        Path file = cli.write("bad.json", content);

        assertRefused(65, problem, "run", "--id", "ci", "--seed-file", file.toString(), "--", "echo", "ran");
        assertRefused(65, problem, "seed", "--replace", "--id", "ci", "--seed-file", file.toString());
    }

    @Test
    void anAuthJsonWhereAnApiKeyIsExpected() {
        Path file = cli.write("auth.json", login.authJson());

        assertRefused(65, "the API key looks like JSON", "run", "--api-key-file", file.toString(), "--", "echo", "ran");
    }

    @Test
    void anAccessTokenWhereAnApiKeyIsExpectedAndTheReverse() {
        Path token = cli.write("token", standIn.newAccessToken());
        Path key = cli.write("key", standIn.newApiKey());

        assertRefused(65, "an access token was found", "run", "--api-key-file", token.toString(), "--", "echo", "ran");
        assertRefused(65, "an API key was found", "run", "--access-token-file", key.toString(), "--", "echo", "ran");
    }

    @Test
    void aFileThatIsNotThereOrNoFile() {
        assertRefused(78, "no such file", "run", "--api-key-file", "/does/not/exist", "--", "echo", "ran");
        assertRefused(78, "cannot read", "run", "--api-key-file", folder.toString(), "--", "echo", "ran");
    }

    @Test
    void noWayToSignInOrTwo() {
        assertRefused(64, "no way to sign in was given", "run", "--", "echo", "ran");
        assertRefused(
                64,
                "several ways to sign in were given: --api-key-file, --id",
                "run",
                "--id",
                "ci",
                "--api-key-file",
                "/some/file",
                "--",
                "echo",
                "ran");
    }

    @Test
    void aVariableAndItsFileForm() {
        Result result = cli.with("CODEX_AUTH_API_KEY", "sk-1")
                .with("CODEX_AUTH_API_KEY_FILE", "/some/file")
                .run("run", "--", "echo", "ran");

        assertThat(result.exitCode()).isEqualTo(64);
        assertThat(result.err()).contains("both CODEX_AUTH_API_KEY and CODEX_AUTH_API_KEY_FILE are set");
    }

    @Test
    void forgottenDashesAreAnsweredWithTheLineToTypeWithoutTheJobsWords() {
        Result result = assertRefused(
                64, "the command has to follow two dashes", "run", "--id", "ci", "codex", "exec", "fix it");

        assertThat(result.err())
                .contains("codex-auth run [OPTIONS] -- COMMAND [ARG…]")
                .doesNotContain("fix it");
    }

    @Test
    void aSecretTypedAsAnArgumentIsNotRepeated() {
        Result result =
                assertRefused(64, "unknown option --api-key", "run", "--api-key=sk-proj-topsecret", "--", "echo");

        assertThat(result.err()).contains("secrets are never arguments").doesNotContain("topsecret");
    }

    @Test
    void aCommandThatIsNotThereOrNotExecutable() {
        Path plain = cli.write("plain", "no program");

        assertRefused(127, "command not found: no-such-command", "run", "--id", "ci", "--", "no-such-command");
        assertRefused(126, "is not an executable file", "run", "--id", "ci", "--", plain.toString());
    }

    @Test
    void aStoreFolderThatIsNotThereOrOpenToOthers() throws IOException {
        Path open = Files.createDirectory(
                folder.resolve("open"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));

        assertRefused(
                69,
                "no such file or folder",
                "run",
                "--store",
                "file:/no/such/folder",
                "--id",
                "ci",
                "--",
                "echo",
                "ran");
        assertRefused(
                69, "open to others (---r-x---)", "run", "--store", "file:" + open, "--id", "ci", "--", "echo", "ran");
        assertRefused(
                64,
                "a kind of store that this version does not have",
                "run",
                "--store",
                "mysql://u:secret@h/d",
                "--id",
                "ci",
                "--",
                "echo");
        assertRefused(
                64, "holds a password", "run", "--store", "postgresql://u:secret@h/d", "--id", "ci", "--", "echo");
    }

    @Test
    void aCredentialThatIsNotThere() {
        assertRefused(66, "there is no credential 'other'", "run", "--id", "other", "--", "echo", "ran");
        assertRefused(64, "is not a credential id", "run", "--id", "../ci", "--", "echo", "ran");
    }

    @Test
    void aStoreAndARecordOfANewerFormat() throws IOException {
        Path current = cli.storeFolder().resolve("credentials/ci/current.json");
        String record = Files.readString(current);
        Files.writeString(current, record.replace("\"format\" : 2", "\"format\" : 3"));
        assertRefused(69, "newer", "run", "--id", "ci", "--", "echo", "ran");
        Files.writeString(current, record);

        Files.writeString(cli.storeFolder().resolve("store.json"), "{\"format\": 2}");
        assertRefused(69, "newer", "run", "--id", "ci", "--", "echo", "ran");
    }

    @Test
    void aDamagedRecordOffersThePreviousGenerationWhichRescueBringsBack() throws IOException {
        standIn.endAccessTokens();
        assertThat(cli.runCodex().exitCode()).isZero();
        Path current = cli.storeFolder().resolve("credentials/ci/current.json");
        Files.writeString(current, Files.readString(current).substring(0, 200));

        Result refused = assertRefused(69, "is damaged", "run", "--id", "ci", "--", "echo", "ran");
        assertThat(refused.err()).contains("codex-auth rescue --previous --id ci");
        Result rescued = cli.run("rescue", "--previous", "--id", "ci");

        assertThat(rescued.exitCode()).as(rescued.toString()).isZero();
        assertThat(Stored.generation(cli)).isEqualTo(1);
    }

    @Test
    void aWrongAgeIdentityAndNone() {
        Path identity = folder.resolve("identity.txt");
        Path other = folder.resolve("other.txt");
        assertThat(cli.run("keygen", "--output", identity.toString()).exitCode())
                .isZero();
        assertThat(cli.run("keygen", "--output", other.toString()).exitCode()).isZero();
        Path seed = cli.write("seed.json", login.authJson());
        assertThat(cli.run(
                                "seed",
                                "--id",
                                "sealed",
                                "--seed-file",
                                seed.toString(),
                                "--age-identity-file",
                                identity.toString())
                        .exitCode())
                .isZero();

        assertRefused(78, "is encrypted and no age identity was given", "run", "--id", "sealed", "--", "echo", "ran");
        assertRefused(
                78,
                "encrypted to another age identity",
                "run",
                "--id",
                "sealed",
                "--age-identity-file",
                other.toString(),
                "--",
                "echo",
                "ran");
        assertRefused(
                78,
                "age recipient is no X25519 recipient",
                "run",
                "--id",
                "ci",
                "--age-recipient",
                "age1nonsense",
                "--",
                "echo",
                "ran");
        assertThat(cli.run("run", "--id", "sealed", "--age-identity-file", identity.toString(), "--", "echo", "ran")
                        .out())
                .contains("ran");
    }

    @Test
    void aPolicyWithAMistakeNamesItsLine() {
        cli.write("policy.yaml", "version: 1\nallow:\n  - platfrom: none\n");

        Result result =
                assertRefused(78, "line 3, column 5: unknown key 'platfrom'", "run", "--id", "ci", "--", "echo", "ran");
        assertThat(result.err()).contains("hint: known keys: [bots, events, forks, issuers, owner-ids, platform,");
    }

    @Test
    void wrongDurations() {
        assertRefused(64, "--wait is not a duration", "run", "--id", "ci", "--wait", "soon", "--", "echo", "ran");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--wait", "--timeout", "--grace"})
    void durationsBeyondWhatClocksCanCount(String option) {
        assertRefused(
                64, option + " is not a duration", "run", "--id", "ci", option, "99999d999999h", "--", "echo", "ran");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--policy", "--seed-file", "--codex-config", "--age-identity-file"})
    void aNamedPipeOrADeviceIsNotWaitedFor(String option) {
        for (String file : List.of(cli.makeFifo("pipe-for" + option), "/dev/zero")) {
            assertRefused(78, "it is a named pipe or a device", "run", "--id", "ci", option, file, "--", "echo", "ran");
        }
    }

    @Test
    void aNamedPipeAsEventOrInTheStoreIsNotWaitedFor() throws IOException {
        Result event = cli.with("GITHUB_ACTIONS", "true")
                .with("GITHUB_EVENT_PATH", cli.makeFifo("event"))
                .run("check");
        cli.makeFifo("state/codex-auth/credentials/ci/lease.json");
        Path current = cli.storeFolder().resolve("credentials/ci/current.json");
        Files.delete(current);
        cli.makeFifo("state/codex-auth/credentials/ci/current.json");
        Result status = cli.run("status");

        assertThat(event.exitCode()).as(event.toString()).isEqualTo(77);
        assertThat(status.exitCode()).as(status.toString()).isZero();
        assertThat(status.out()).contains("not a regular file");
    }

    @Test
    void aPipeThatTheShellMadeIsRead() {
        Result result = cli.with("KEY", standIn.newApiKey())
                .shell("\"$0\" run --api-key-file <(printf %s \"$KEY\") -- sh -c '[ \"$CODEX_API_KEY\" = \"$KEY\" ]'");

        assertThat(result.exitCode()).as(result.toString()).isZero();
    }

    private Result assertRefused(int exitCode, String problem, String... arguments) {
        Map<Path, FileTime> before = snapshot();

        Result result = cli.run(arguments);

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
        assertThat(result.err()).contains(problem);
        assertThat(result.err().lines().filter(line -> line.startsWith("codex-auth: error: ")))
                .hasSize(1);
        assertThat(result.err().lines().filter(line -> line.startsWith("codex-auth: hint: ")))
                .hasSize(1);
        assertThat(result.out()).doesNotContain("ran");
        assertThat(result.err()).doesNotContain("Exception", "\tat ");
        assertThat(snapshot()).as("nothing changed in the store").isEqualTo(before);
        return result;
    }

    /** The records, with the times at which they were written. */
    private Map<Path, FileTime> snapshot() {
        Map<Path, FileTime> times = new TreeMap<>();
        try (Stream<Path> files = Files.walk(cli.storeFolder())) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".json")).toList()) {
                times.put(file, Files.getLastModifiedTime(file));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return times;
    }
}
