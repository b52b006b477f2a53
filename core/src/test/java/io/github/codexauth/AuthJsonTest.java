package io.github.codexauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.Tokens;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthJsonTest {
    private static final Instant NOVEMBER = Instant.parse("2026-11-01T10:00:00Z");

    private final Login login = Login.unknownToAnyServer("acme", "bot", NOVEMBER, Duration.ofDays(10));

    @Test
    void keepsTheExactBytesAndReadsOwnerAgeAndTokens() throws InvalidAuthJsonException {
        byte[] bytes = (new String(login.authJson(), StandardCharsets.UTF_8)
                        .replaceFirst("\\{", "{ \"unknown\": [1, 2],"))
                .getBytes(StandardCharsets.UTF_8);

        AuthJson auth = AuthJson.parse(bytes, "file");

        assertThat(auth.bytes()).isEqualTo(bytes);
        assertThat(auth.account()).isEqualTo(new Account("acme", "bot"));
        assertThat(auth.plan()).contains("pro");
        assertThat(auth.issuedAt()).contains(NOVEMBER);
        assertThat(auth.expiresAt()).contains(NOVEMBER.plus(Duration.ofDays(10)));
        Tokens tokens = login.current();
        assertThat(auth.secrets())
                .extracting(SecretText::reveal)
                .containsExactly(tokens.idToken(), tokens.accessToken(), tokens.refreshToken());
    }

    @Test
    void aFileCutOffAnywhereIsNeverTakenForAWholeOneAndNeverQuoted() {
        byte[] whole = login.authJson();
        for (int length = 0; length < whole.length - 2; length++) {
            byte[] torn = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> AuthJson.parse(torn, "file"))
                    .as("first %d bytes", length)
                    .isInstanceOf(InvalidAuthJsonException.class)
                    .satisfies(this::holdsNoSecret);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'\"chatgpt\"', '\"chatgptAuthTokens\"', another program refreshes",
        "'\"chatgpt\"', '\"apikey\"', holds an API key",
        "'\"chatgpt\"', '\"agentIdentity\"', holds an access token",
        "'\"chatgpt\"', '\"else\"', an auth_mode other than chatgpt",
        "'\"refresh_token\"', '\"other\"', no refresh_token",
        "'\"last_refresh\"', '\"other\"', no readable last_refresh",
        "'\"tokens\"', '\"other\"', no tokens",
    })
    void whatCodexCouldNotRefreshIsRefusedWithWhatIsWrong(String original, String changed, String problem) {
        byte[] bytes = new String(login.authJson(), StandardCharsets.UTF_8)
                .replace(original, changed)
                .getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> AuthJson.parse(bytes, "file"))
                .isInstanceOf(InvalidAuthJsonException.class)
                .hasMessageContaining(problem)
                .satisfies(this::holdsNoSecret);
    }

    @Test
    void duplicateMembersAreRefusedSinceReadersDisagreeAboutThem() {
        byte[] bytes = new String(login.authJson(), StandardCharsets.UTF_8)
                .replaceFirst("\\{", "{\"auth_mode\":\"chatgpt\",")
                .getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> AuthJson.parse(bytes, "file")).isInstanceOf(InvalidAuthJsonException.class);
    }

    @Test
    void aSeedNeedsItsAuthModeAndARefreshedFileOfAnOldCodexDoesNot() throws InvalidAuthJsonException {
        byte[] bytes = new String(login.authJson(), StandardCharsets.UTF_8)
                .replaceFirst("\"auth_mode\"[^,]*,", "")
                .getBytes(StandardCharsets.UTF_8);

        AuthJson auth = AuthJson.parse(bytes, "file");

        assertThatThrownBy(() -> auth.requireSeed("file")).hasMessageContaining("no auth_mode");
    }

    @Test
    void theServersClockDecidesWhichFileIsOlderWhateverTheMachinesClockSaid() throws InvalidAuthJsonException {
        AuthJson first = AuthJson.parse(login.authJson(), "file");
        login.rotate(NOVEMBER.plusSeconds(60), Duration.ofDays(10));
        byte[] twoDaysBehind = new String(login.authJson(), StandardCharsets.UTF_8)
                .replaceFirst("\"last_refresh\" : \"[^\"]*\"", "\"last_refresh\" : \"2026-10-30T10:00:00Z\"")
                .getBytes(StandardCharsets.UTF_8);
        AuthJson second = AuthJson.parse(twoDaysBehind, "file");

        assertThat(first.isOlderThan(second)).isTrue();
        assertThat(second.isOlderThan(first)).isFalse();
        assertThat(second.isOlderThan(second)).isFalse();
    }

    @Test
    void toStringShowsNoSecret() throws InvalidAuthJsonException {
        AuthJson auth = AuthJson.parse(login.authJson(), "file");

        assertThat(auth + " " + auth.secrets())
                .doesNotContain(login.current().refreshToken(), login.current().accessToken());
    }

    private void holdsNoSecret(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString())
                .doesNotContain(login.current().refreshToken().substring(0, 12))
                .doesNotContain(login.current().accessToken().substring(0, 40));
    }
}
