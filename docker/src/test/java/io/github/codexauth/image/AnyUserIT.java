package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.testing.Result;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A {@code --user} that the image knows nothing of: also with a key and a token, which need no volume, and a fresh
 * volume.
 */
class AnyUserIT extends InContainers {
    private static final String ANYBODY = "--user=4711:4711";

    @Test
    void aKeyRunsCodex() {
        Result result = keyBox().with("--env=CODEX_AUTH_API_KEY=" + standIn.newApiKey())
                .run(words(new String[] {"run", "--"}, SAY_DONE));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo("done\n");
    }

    @Test
    void anAccessTokenRunsCodex() {
        Result result = keyBox().with("--env=CODEX_AUTH_ACCESS_TOKEN=" + standIn.newAccessToken())
                .run(words(new String[] {"run", "--"}, SAY_DONE));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo("done\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {ANYBODY, "--user=4711:0"})
    void aLoginIsSeededIntoAFreshVolumeRefreshedAndSaved(String user) {
        Login login = standIn.newLogin(Duration.ofHours(-1));
        Box box = box().with(user);
        assertThat(seed(box, login)).matches(seeded -> seeded.exitCode() == 0, "seeded");

        Result result = box.run(job(SAY_DONE));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo("done\n");
        assertThat(stores(login)).isTrue();
    }

    private Box keyBox() {
        return withMachine(Box.hardened(engine, name))
                .with(ANYBODY, "--volume=" + folder.resolve("checkout") + ":/workspace");
    }
}
