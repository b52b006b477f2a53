package io.github.codexauth.home;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.SecretText;
import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The secrets of a home are known the moment they stand in it. */
class HomeTokensTest {
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

    private final Login login =
            Login.unknownToAnyServer("acme", "bot", Instant.parse("2026-11-01T00:00:00Z"), Duration.ofDays(1));
    private final List<String> found = new ArrayList<>();

    @TempDir
    private Path home;

    private Path authJson;
    private HomeTokens tokens;

    @BeforeEach
    void homeWithALogin() throws IOException {
        authJson = Files.write(home.resolve("auth.json"), login.authJson());
        tokens = new HomeTokens(
                home, secrets -> secrets.stream().map(SecretText::reveal).forEach(found::add));
        tokens.look();
        assertThat(found).containsExactlyElementsOf(all(login.current()));
        found.clear();
    }

    @Test
    void whatWasToldOnceIsNotToldAgain() {
        tokens.look();

        assertThat(found).isEmpty();
    }

    @Test
    void aFileThatTakesThePlaceOfTheOldOneIsSeenAtOnce() throws IOException {
        replaceByRename(rotated());

        tokens.look();

        assertThat(found).containsExactlyElementsOf(all(login.current()));
    }

    @Test
    void aFileThatIsOverwrittenWithinOneTickOfTheClockAndKeepsItsSizeIsSeenAtOnce() throws IOException {
        for (int i = 0; i < 20; i++) {
            found.clear();
            Files.write(authJson, rotated());

            tokens.look();

            assertThat(found).as("round %d", i).containsExactlyElementsOf(all(login.current()));
        }
    }

    @Test
    void aChangeRightAfterALookIsSeenByTheNextHoweverLateThatComes() throws IOException {
        Files.write(authJson, rotated());
        FileTime tick = Files.getLastModifiedTime(authJson);
        tokens.look();
        found.clear();
        Files.write(authJson, rotated());
        Files.setLastModifiedTime(authJson, tick);
        awaitThatTheTimeIsOld(tick);

        tokens.look();

        assertThat(found).containsExactlyElementsOf(all(login.current()));
    }

    @Test
    void anOldTimeThatIsAnotherOneIsAChange() throws IOException {
        Files.setLastModifiedTime(authJson, LONG_AGO);
        tokens.look();
        Files.write(authJson, rotated());
        Files.setLastModifiedTime(authJson, FileTime.from(LONG_AGO.toInstant().plusNanos(1_000_000)));

        tokens.look();

        assertThat(found).containsExactlyElementsOf(all(login.current()));
    }

    @Test
    void whatCodexHasWrittenAsideIsSeenAndWhatItHasHalfWrittenToo() throws IOException {
        byte[] next = rotated();
        int untilTheRefreshToken =
                new String(next, java.nio.charset.StandardCharsets.UTF_8).indexOf("\"refresh_token\"");
        Files.write(home.resolve(".auth-Ab3dE9"), java.util.Arrays.copyOf(next, untilTheRefreshToken));

        tokens.look();

        assertThat(found).containsExactlyElementsOf(all(login.current()).subList(0, 2));
    }

    @Test
    void keysOfOtherWaysToSignInAreSecretsToo() throws IOException {
        Files.writeString(
                authJson, "{\"OPENAI_API_KEY\":\"sk-proj-0123456789\",\"personal_access_token\" : \"at-0123456789\"}");

        tokens.look();

        assertThat(found).containsExactly("sk-proj-0123456789", "at-0123456789");
    }

    @Test
    void aFileWithoutEndAndALinkAreNotRead() throws IOException {
        Files.write(home.resolve(".auth-large"), new byte[3 * 1024 * 1024]);
        Files.createSymbolicLink(home.resolve(".auth-link"), Files.write(home.resolve("elsewhere"), rotated()));

        tokens.look();

        assertThat(found).isEmpty();
    }

    @Test
    void aJobThatWritesNewFilesWithoutEndFillsNoMemory() throws IOException {
        for (int i = 0; i < 100; i++) {
            Files.writeString(
                    authJson,
                    "{\"access_token\": \"" + Integer.toString(1000 + i).repeat(4000) + "\"}");
            tokens.look();
        }

        assertThat(found).hasSize(128 * 1024 / 16_000);
    }

    @Test
    void aHomeThatHasGoneIsNoFailure() throws IOException {
        Files.delete(authJson);
        tokens.look();
        Files.delete(home);

        tokens.look();

        assertThat(found).isEmpty();
        Files.createDirectory(home);
    }

    private byte[] rotated() {
        login.rotate(Instant.parse("2026-11-02T00:00:00Z"), Duration.ofDays(1));
        return login.authJson();
    }

    private void replaceByRename(byte[] content) throws IOException {
        Path aside = Files.write(home.resolve("aside"), content);
        Files.move(aside, authJson, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void awaitThatTheTimeIsOld(FileTime tick) {
        org.awaitility.Awaitility.await().until(() -> tick.toMillis() + 150 < System.currentTimeMillis());
    }

    private static List<String> all(Tokens state) {
        return List.of(state.idToken(), state.accessToken(), state.refreshToken());
    }
}
