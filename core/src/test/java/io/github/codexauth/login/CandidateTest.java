package io.github.codexauth.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.AuthJson;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.standin.Login;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which file takes the stored login's place, which is put aside, and which nobody could miss. */
class CandidateTest {
    private static final Instant NOVEMBER = Instant.parse("2026-11-01T10:00:00Z");

    /** When the job got the login. */
    private static final Instant OPENED = NOVEMBER.plus(Duration.ofHours(1));

    private static final Instant TOMORROW = OPENED.plus(Duration.ofDays(1));

    private static final Instant IN_THE_JOB = OPENED.plusSeconds(90);
    private static final Instant BEFORE_THE_JOB = OPENED.minusSeconds(90);

    private final Login login = Login.unknownToAnyServer("acme", "bot", NOVEMBER, Duration.ofDays(10));
    private final byte[] first = login.authJson();
    private final byte[] second = next(60);
    private final byte[] third = next(120);

    @Test
    void onlyAWholeNewerFileOfTheSameLoginTakesTheStoredOnesPlace() throws InvalidAuthJsonException {
        AuthJson stored = parse(second);

        assertThat(judge(third, stored)).isInstanceOf(Candidate.Newer.class);
        assertThat(judge(second, stored)).isInstanceOf(Candidate.Unchanged.class);
        assertThat(judge(new byte[0], stored)).isInstanceOf(Candidate.Rejected.class);
        assertThat(judge(Arrays.copyOf(third, 900), stored)).isInstanceOf(Candidate.Rejected.class);
        assertThat(Candidate.judge(Optional.empty(), lineage(stored))).isInstanceOf(Candidate.Rejected.class);
    }

    /** The seed that comes back, a state out of a cache: the token tells, and nobody could use it. */
    @Test
    void aStateThatTheLoginIsKnownToHaveHadBringsNothingNew() throws InvalidAuthJsonException {
        String used = parse(first).refreshTokenFingerprint();
        Lineage lineage = new Lineage(parse(second), Set.of(used)::contains, OPENED, TOMORROW);

        assertThat(Candidate.judge(Optional.of(first), lineage)).isInstanceOf(Candidate.Rejected.class);
    }

    /**
     * The table of what Codex may write after one refresh in the job, each with a refresh token that was never seen.
     */
    static Stream<Arguments> refreshedInTheJob() {
        return Stream.of(
                Arguments.of("as usual", file("acme", "bot", IN_THE_JOB, IN_THE_JOB)),
                Arguments.of("a server's clock 60 s late", file("acme", "bot", NOVEMBER.minusSeconds(60), IN_THE_JOB)),
                Arguments.of("the user id is gone", file("acme", "", IN_THE_JOB, IN_THE_JOB)),
                Arguments.of("the user id has another form", file("acme", "user-bot__acme", IN_THE_JOB, IN_THE_JOB)),
                Arguments.of("the access token is opaque", opaque(file("acme", "bot", IN_THE_JOB, IN_THE_JOB))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refreshedInTheJob(String what, byte[] file) throws InvalidAuthJsonException {
        assertThat(judge(file, parse(first))).as(what).isInstanceOf(Candidate.Newer.class);
    }

    @Test
    void aMissingUserIdIsUnknownAndNotAnotherUser() throws InvalidAuthJsonException {
        byte[] without = file("acme", "", BEFORE_THE_JOB, BEFORE_THE_JOB);
        byte[] with = file("acme", "bot", BEFORE_THE_JOB.plusSeconds(1), BEFORE_THE_JOB);

        assertThat(judge(without, parse(first))).isInstanceOf(Candidate.Newer.class);
        assertThat(judge(with, parse(without))).isInstanceOf(Candidate.Newer.class);
    }

    /** The stored one's {@code last_refresh} comes from a machine whose clock is a day ahead. */
    @Test
    void opaqueTokensFollowThoseOfAMachineWithAFastClock() throws InvalidAuthJsonException {
        byte[] fast = opaque(file("acme", "bot", NOVEMBER, OPENED.plus(Duration.ofHours(23))));
        byte[] refreshed = opaque(file("acme", "bot", NOVEMBER, IN_THE_JOB));

        assertThat(judge(refreshed, parse(fast))).isInstanceOf(Candidate.Newer.class);
    }

    /** What may be somebody's only login, and must not become this one's next state by itself. */
    static Stream<Arguments> putAside() {
        return Stream.of(
                Arguments.of(
                        "another account", file("other", "bot", IN_THE_JOB, IN_THE_JOB), "another account or user"),
                Arguments.of(
                        "another user's, from elsewhere",
                        file("acme", "somebody", BEFORE_THE_JOB, BEFORE_THE_JOB),
                        "another account or user"),
                Arguments.of(
                        "a state that nobody remembers",
                        file("acme", "bot", NOVEMBER.minusSeconds(60), BEFORE_THE_JOB),
                        "older than the stored login"),
                Arguments.of(
                        "issued in ten years",
                        file("acme", "bot", NOVEMBER.plus(Duration.ofDays(3650)), IN_THE_JOB),
                        "which lies ahead by this machine's clock"),
                Arguments.of(
                        "opaque, refreshed in ten years",
                        opaque(file("acme", "bot", NOVEMBER, NOVEMBER.plus(Duration.ofDays(3650)))),
                        "which lies ahead by this machine's clock"),
                Arguments.of(
                        "a form that we do not know",
                        text(file("acme", "bot", IN_THE_JOB, IN_THE_JOB), "\"last_refresh\"", "\"refreshed_at\""),
                        "no readable last_refresh"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void putAside(String what, byte[] file, String reason) throws InvalidAuthJsonException {
        assertThat(judge(file, parse(first))).as(what).isInstanceOfSatisfying(Candidate.Stray.class, stray -> {
            assertThat(stray.bytes()).isEqualTo(file);
            assertThat(stray.reason()).contains(reason);
            assertThat(stray.toString()).doesNotContain("rt_");
        });
    }

    /** Whatever else is wrong with a file that has the stored refresh token: it brings none that could be lost. */
    @Test
    void theStoredRefreshTokenInAnotherFileIsNothingToKeep() throws InvalidAuthJsonException {
        byte[] foreign = text(first, login.states().get(0).idToken(), idToken("other"));

        assertThat(judge(foreign, parse(first))).isInstanceOf(Candidate.Rejected.class);
        assertThat(judge(text(first, "\"last_refresh\"", "\"refreshed_at\""), parse(first)))
                .isInstanceOf(Candidate.Rejected.class);
    }

    @Test
    void ofAnOldAuthJsonAndAFileWrittenAsideTheNewestIsTaken() throws InvalidAuthJsonException {
        AuthJson stored = parse(first);

        for (List<byte[]> order : List.of(List.of(first, second, third), List.of(third, first, second))) {
            Findings found = Findings.of(order, lineage(stored));

            assertThat(found.next()).map(AuthJson::bytes).contains(third);
            assertThat(found.strays())
                    .as("two tokens that nobody has seen: the other may be the one that works")
                    .extracting(Candidate.Stray::bytes)
                    .containsExactly(second);
        }
    }

    @Test
    void aTornFileAsideDoesNotHideTheWholeOne() throws InvalidAuthJsonException {
        byte[] torn = Arrays.copyOf(third, third.length / 2);

        Findings found = Findings.of(List.of(torn, second), lineage(parse(first)));

        assertThat(found.next()).map(AuthJson::bytes).contains(second);
        assertThat(found.rejected()).isEmpty();
    }

    @Test
    void aForeignFileDoesNotHideTheRefreshedOne() throws InvalidAuthJsonException {
        byte[] foreign = file("other", "bot", IN_THE_JOB, IN_THE_JOB);

        Findings found = Findings.of(List.of(foreign, second), lineage(parse(first)));

        assertThat(found.next()).map(AuthJson::bytes).contains(second);
        assertThat(found.strays()).extracting(Candidate.Stray::bytes).containsExactly(foreign);
    }

    private static Candidate judge(byte[] file, AuthJson stored) {
        return Candidate.judge(Optional.of(file), lineage(stored));
    }

    private static Lineage lineage(AuthJson stored) {
        return new Lineage(stored, token -> false, OPENED, TOMORROW);
    }

    private byte[] next(int seconds) {
        login.rotate(NOVEMBER.plusSeconds(seconds), Duration.ofDays(10));
        return login.authJson();
    }

    /** A login that was never seen, with the time of its access token and of its refresh. */
    private static byte[] file(String account, String user, Instant issuedAt, Instant lastRefresh) {
        byte[] file = Login.unknownToAnyServer(account, user, issuedAt, Duration.ofDays(10))
                .authJson();
        return text(file, "\"last_refresh\" : \"" + issuedAt, "\"last_refresh\" : \"" + lastRefresh);
    }

    private static byte[] opaque(byte[] file) {
        return new String(file, StandardCharsets.UTF_8)
                .replaceAll("\"access_token\" : \"[^\"]*\"", "\"access_token\" : \"opaque\"")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String idToken(String account) {
        return Login.unknownToAnyServer(account, "bot", NOVEMBER, Duration.ofDays(10))
                .current()
                .idToken();
    }

    private static byte[] text(byte[] file, String from, String to) {
        String before = new String(file, StandardCharsets.UTF_8);
        assertThat(before).contains(from);
        return before.replace(from, to).getBytes(StandardCharsets.UTF_8);
    }

    private static AuthJson parse(byte[] bytes) throws InvalidAuthJsonException {
        return AuthJson.parse(bytes, "file");
    }
}
