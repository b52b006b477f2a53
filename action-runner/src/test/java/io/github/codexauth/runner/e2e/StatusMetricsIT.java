package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RefreshAnswer;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code codex-auth status --prometheus}: what an alert needs to know, before people do. */
class StatusMetricsIT extends OnOneMachine {
    /** Of prometheus.io's "Exposition formats", what we use of it. */
    private static final Pattern LINE = Pattern.compile("# (HELP [a-z_]+ [^\n]+|TYPE [a-z_]+ gauge)"
            + "|[a-z_]+(\\{[a-z]+=\"[a-z0-9._-]+\"(,[a-z]+=\"[a-z0-9._-]+\")*})? [0-9]+");

    private static final String ENDS = "codex_auth_login_expires_timestamp_seconds{id=\"ci\"} ";

    @Test
    void aHealthyLoginsAgeAndEndAreThere() {
        Instant before = Instant.now();
        cli.seed(standIn.newLogin(Duration.ofDays(3)));

        Result status = cli.run("status", "--prometheus");

        assertThat(status.exitCode()).as(status.toString()).isZero();
        assertThat(status.out().lines()).allMatch(line -> LINE.matcher(line).matches());
        assertThat(status.out())
                .endsWith("\n")
                .contains(
                        "# TYPE codex_auth_login_healthy gauge\ncodex_auth_login_healthy{id=\"ci\"} 1\n",
                        "codex_auth_login_generation{id=\"ci\"} 1\n",
                        "codex_auth_login_in_use{id=\"ci\"} 0\n",
                        "codex_auth_login_waiting{id=\"ci\"} 0\n");
        long ends = status.out()
                .lines()
                .filter(line -> line.startsWith(ENDS))
                .mapToLong(line -> Long.parseLong(line.substring(ENDS.length())))
                .findFirst()
                .orElseThrow();
        assertThat(Instant.ofEpochSecond(ends))
                .isBetween(before.plus(Duration.ofHours(71)), before.plus(Duration.ofHours(73)));
    }

    @Test
    void aDeadLoginAndADamagedOneAreSeen() throws IOException {
        Login login = standIn.newLogin(Duration.ofHours(-1));
        cli.seed(login);
        standIn.nextRefresh(new RefreshAnswer.Fail(401, "refresh_token_expired"));
        standIn.nextRefresh(new RefreshAnswer.Fail(401, "refresh_token_expired"));
        assertThat(cli.runJob("true").exitCode()).isEqualTo(65);

        String dead = cli.run("status", "--prometheus").out();
        Files.writeString(cli.storeFolder().resolve("credentials/ci/current.json"), "torn");
        String damaged = cli.run("status", "--prometheus").out();

        assertThat(dead)
                .contains(
                        "codex_auth_login_healthy{id=\"ci\"} 0\n",
                        "codex_auth_login_needs_login_since_timestamp_seconds{cause=\"refresh_token_expired\",id=\"ci\"} ");
        assertThat(damaged)
                .contains("codex_auth_login_healthy{id=\"ci\"} 0\n")
                .doesNotContain("codex_auth_login_generation{");
    }

    @Test
    void whoHasTheLoginAndWhoWaitsForItAreSeen() {
        cli.seed(standIn.newLogin(Duration.ofDays(3)));
        String fifo = cli.makeFifo();
        Running holder = cli.start("run", "--id", "ci", "--", "sh", "-c", "echo started; cat " + fifo);
        holder.awaitOutput("started");
        Running waiting = cli.start("run", "--id", "ci", "--wait", "1m", "--", "true");

        await().atMost(Duration.ofMinutes(1))
                .until(
                        () -> cli.run("status", "--prometheus").out(),
                        out -> out.contains("codex_auth_login_waiting{id=\"ci\"} 1\n"));
        String busy = cli.run("status", "--prometheus").out();
        assertThat(busy).contains("codex_auth_login_in_use{id=\"ci\"} 1\n");
        assertThat(cli.run("status").out()).contains("  waiting    1\n");
        assertThat(cli.run("status", "--json").out()).contains("\"waiting\" : 1");

        cli.openFifo();
        assertThat(holder.result().exitCode()).isZero();
        assertThat(waiting.result().exitCode()).isZero();
        assertThat(cli.run("status", "--prometheus").out()).contains("codex_auth_login_waiting{id=\"ci\"} 0\n");
    }

    @Test
    void oneFormIsPrinted() {
        Result both = cli.run("status", "--prometheus", "--json");

        assertThat(both.exitCode()).isEqualTo(64);
        assertThat(both.err()).contains("--json", "--prometheus");
    }
}
