package io.github.codexauth.codex;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.codexauth.codex.Complaints.Complaint;
import io.github.codexauth.codex.Diagnosis.Hindered;
import io.github.codexauth.codex.Diagnosis.Hindrance;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is made of what Codex 0.171.0 says, in its own words, on a machine that may not speak with every server. */
class VerdictsTest {
    private static final String SIGNED_OUT = "{\"id\":2,\"result\":{\"account\":null,\"requiresOpenaiAuth\":true}}";
    private static final String NO_ROUTE =
            "{\"error\":{\"code\":-32603,\"message\":\"workspace routing discovery failed\"},\"id\":2}";

    private static final String NO_GITHUB =
            "WARN codex_core_plugins::startup_sync: GitHub HTTP sync failed for curated plugin sync; falling back to export"
                    + " archive error=failed to get curated plugins repository from https://api.github.com/repos/openai/plugins:"
                    + " error sending request for url (https://api.github.com/repos/openai/plugins)\n";
    private static final String NO_LOGIN_SERVER =
            "WARN codex_app_server::request_processors::account_processor: failed to refresh token while getting account:"
                    + " error sending request for url (https://auth.openai.com/oauth/token)\n";
    private static final String REFUSED =
            "ERROR codex_login::auth::manager: Failed to refresh token status=400 Bad Request\n";

    private static Diagnosis verdict(String answer, String config, String... said) throws Exception {
        Set<Complaint> heard = Complaints.of(
                        new ByteArrayInputStream(String.join("", said).getBytes(StandardCharsets.UTF_8)))
                .await(Duration.ofMinutes(1));
        return Verdicts.of(json(answer), Optional.of(json(config)), heard);
    }

    private static JsonNode json(String text) throws Exception {
        return new JsonMapper().readTree(text);
    }

    private static Hindrance hindrance(Diagnosis diagnosis) {
        return ((Hindered) diagnosis).hindrance();
    }

    @Test
    void aRunnerThatMayNotSpeakWithGitHubIsToldOfTheSettingThatIsInTheWay() throws Exception {
        Diagnosis diagnosis = verdict(
                SIGNED_OUT,
                "{\"id\":3,\"result\":{\"config\":{\"forced_chatgpt_workspace_id\":\"another\"}}}",
                NO_GITHUB);

        assertThat(hindrance(diagnosis)).isEqualTo(Hindrance.SETTINGS);
    }

    @Test
    void thatGitHubIsOutOfReachExcusesNoAnswerOfTheServerForLogins() throws Exception {
        assertThat(hindrance(verdict(NO_ROUTE, "{}", NO_GITHUB, REFUSED))).isEqualTo(Hindrance.UNKNOWN);
    }

    @Test
    void whereNoAnswerOfItIsKnownAnyServerOutOfReachSaysThatTheNetworkIs() throws Exception {
        assertThat(hindrance(verdict(NO_ROUTE, "{}", NO_GITHUB))).isEqualTo(Hindrance.UNREACHABLE);
    }

    @Test
    void theServerForLoginsOutOfReachIsNamed() throws Exception {
        assertThat(verdict(NO_ROUTE, "{}", NO_GITHUB, NO_LOGIN_SERVER))
                .isEqualTo(new Hindered(Hindrance.UNREACHABLE, "OpenAI's server for logins cannot be reached"));
    }
}
