package io.github.codexauth.runner.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.files.PathOwnership;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a job becomes where the image's entrypoint has said so. */
class JobUserTest {
    private static final int SOMEBODY = 12_345;

    private static Optional<JobUser> in(String value) {
        return JobUser.in(Map.of("CODEX_AUTH_JOB_USER", value));
    }

    @Test
    void isTheUserThatTheEntrypointNames() {
        assertThat(in(SOMEBODY + ":678"))
                .hasValueSatisfying(user -> assertThat(user.starter()).endsWith("12345", "678"));
        assertThat(JobUser.in(Map.of())).isEmpty();
    }

    /** A job that sets the variable for a helper of its own user would have less hidden from the model's commands. */
    @Test
    void isNeverOurself() {
        int ourself = PathOwnership.currentUser().orElseThrow();

        assertThat(in(ourself + ":" + ourself)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12345", "12345:", ":678", "root:root", "-1:-1", "9999999999:1", "12345:678:9", " 1:1"})
    void isNobodyThatIsNoNumber(String value) {
        assertThat(in(value)).isEmpty();
    }
}
