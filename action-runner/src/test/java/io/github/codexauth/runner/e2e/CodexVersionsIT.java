package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.standin.StandIn.Event.ModelCall;
import io.github.codexauth.standin.StandIn.Event.Reused;
import io.github.codexauth.testing.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that a job relies on, with the oldest Codex that is let in, the newest, and some between them: a refresh
 * before the job and in it, keys, access tokens, and what the commands that the model runs see.
 */
class CodexVersionsIT extends OnOneMachine {
    private static final String LOOK_AROUND =
            "echo begin; cat $CODEX_HOME/auth.json; env; echo work > made-by-the-model; cat made-by-the-model; echo end";

    static Stream<Arguments> versionsAndWhatTheyGet() {
        return versions()
                .flatMap(version -> Stream.of("all", "access", "nothing").map(give -> arguments(version, give)));
    }

    static Stream<Arguments> versionsAndWhatTheyGetOfAKey() {
        return versions().flatMap(version -> Stream.of("all", "nothing").map(give -> arguments(version, give)));
    }

    static Stream<String> versions() {
        return Stream.concat(
                RealCodex.olderVersions().stream(), Stream.of(RealCodex.get().version()));
    }

    @AfterEach
    void noRefreshTokenWasUsedTwice() {
        assertThat(standIn.events(Reused.class)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("versionsAndWhatTheyGet")
    void anEndedLoginIsRefreshedStoredAndHiddenFromTheModel(String version, String give) {
        Cli machine = machineWith(version).giving(give);
        Login login = standIn.newLogin(Duration.ofHours(-1));
        machine.seed(login);
        standIn.orderCommand(LOOK_AROUND);

        Result result = machine.runCodex();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(Stored.authJson(machine).toString()).contains(login.current().refreshToken());
        assertThat(standIn.commandOutputs()).as(result.toString()).hasSize(1);
        assertThat(standIn.commandOutputs().get(0)).contains("begin", "\nwork\n", "end");
        assertThat(standIn.everyTokenIssued())
                .noneMatch(standIn.commandOutputs().get(0)::contains);
    }

    @ParameterizedTest
    @MethodSource("versionsAndWhatTheyGet")
    void aLoginThatTheServerRefusesIsRefreshedInTheJobAndStored(String version, String give) {
        Cli machine = machineWith(version).giving(give);
        Login login = standIn.newLogin(Duration.ofDays(9));
        machine.seed(login);
        standIn.endAccessTokens();

        Result result = machine.runCodex();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.rotations()).isEqualTo(1);
        assertThat(Stored.authJson(machine).toString()).contains(login.current().refreshToken());
    }

    @ParameterizedTest
    @MethodSource("versionsAndWhatTheyGetOfAKey")
    void aKeyReachesOpenAiAndNotTheModel(String version, String give) {
        String key = standIn.newApiKey();
        standIn.orderCommand(LOOK_AROUND);

        assertSignsIn(machineWith(version).giving(give), "--api-key-file", key);
    }

    @ParameterizedTest
    @MethodSource("versionsAndWhatTheyGetOfAKey")
    void anAccessTokenReachesOpenAiAndNotTheModel(String version, String give) {
        String token = standIn.newAccessToken();
        standIn.orderCommand(LOOK_AROUND);

        assertSignsIn(machineWith(version).giving(give), "--access-token-file", token);
    }

    private void assertSignsIn(Cli machine, String option, String secret) {
        Path file = machine.write("secret", secret);

        Result result =
                machine.run(Stream.concat(Stream.of("run", option, file.toString(), "--"), Stream.of(Cli.codexExec()))
                        .toArray(String[]::new));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(standIn.events(ModelCall.class)).last().isEqualTo(new ModelCall(secret, 200));
        assertThat(standIn.commandOutputs()).as(result.toString()).hasSize(1);
        assertThat(standIn.commandOutputs().get(0)).contains("begin", "end").doesNotContain(secret);
    }

    private Cli machineWith(String version) {
        RealCodex newest = RealCodex.get();
        RealCodex codex = newest.version().equals(version) ? newest : RealCodex.older(version);
        return cli.withFirstOnPath(codex.folder());
    }
}
