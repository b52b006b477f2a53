package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.StandIn.Event.ModelCall;
import io.github.codexauth.testing.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pool of logins of which one is better than the others: capped ones and dead ones are passed over, and said. */
class UsageLimitIT extends OnOneMachine {
    private static final Instant SOON = Instant.now().plus(2, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);

    private Login longest;
    private Login shorter;

    @BeforeEach
    void aPoolOfTwo() {
        longest = seed("team.1", Duration.ofDays(5));
        shorter = seed("team.2", Duration.ofDays(3));
    }

    private Login seed(String id, Duration lasts) {
        Login login = standIn.newLogin(lasts);
        Path file = cli.write("seed.json", login.authJson());
        assertThat(cli.run("seed", "--id", id, "--seed-file", file.toString()).exitCode())
                .isZero();
        return login;
    }

    private Result runInPool() {
        return cli.run(Stream.of(Stream.of("run", "--pool", "team", "--"), Stream.of(Cli.codexExec()))
                .flatMap(words -> words)
                .toArray(String[]::new));
    }

    private void assertThatTheLastCallWasBy(Login login) {
        assertThat(standIn.events(ModelCall.class))
                .last()
                .extracting(ModelCall::credential)
                .isEqualTo(login.current().accessToken());
    }

    @Test
    void theLoginWhoseAccessTokenLastsLongestIsTaken() {
        seed("team.0", Duration.ofDays(4));

        assertThat(runInPool().exitCode()).isZero();

        assertThatTheLastCallWasBy(longest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "access", "nothing"})
    void aLoginWhoseAccountHasReachedItsUsageLimitIsPassedOverByTheNextJob(String give) {
        cli = cli.giving(give);
        standIn.limitUsage(longest, SOON);

        Result first = runInPool();
        Result second = runInPool();

        assertThat(first.exitCode()).isEqualTo(1);
        assertThat(first.err()).contains("the account of 'team.1' has reached its usage limit until ");
        assertThat(second.exitCode()).as(second.toString()).isZero();
        assertThat(second.err()).contains("'team.1' has reached its usage limit until ", "it is passed over");
        assertThatTheLastCallWasBy(shorter);
        assertThat(cli.run("status").out())
                .contains("LIMITED    the account has reached its usage limit, until " + SOON);
        assertThat(cli.run("status", "--prometheus").out())
                .contains(
                        "codex_auth_login_usage_limit_until_timestamp_seconds{id=\"team.1\"} " + SOON.getEpochSecond());
    }

    @Test
    void whereAllHaveReachedTheirLimitTheFirstToBeFreeAgainIsTaken() {
        standIn.limitUsage(longest, SOON.plus(1, ChronoUnit.HOURS));
        standIn.limitUsage(shorter, SOON);
        runInPool();
        runInPool();

        Result third = runInPool();

        assertThat(third.exitCode()).isEqualTo(1);
        assertThatTheLastCallWasBy(shorter);
    }

    @Test
    void aRefreshDoesNotEndTheLimit() {
        standIn.limitUsage(longest, SOON);
        runInPool();
        assertThat(cli.run("keepalive", "--within", "30d", "--id", "team.1").exitCode())
                .isZero();

        assertThat(cli.run("status").out()).contains("generation 2,", "LIMITED");
    }

    @Nested
    class WhatAJobWritesItself {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"payload\":{\"rate_limits\":{\"primary\":{\"used_percent\":100,\"resets_at\":9999999999}}}}",
                    "{\"payload\":{\"rate_limits\":{\"primary\":{\"used_percent\":100,\"resets_at\":-1}}}}",
                    "{\"payload\":{\"rate_limits\":[]}}",
                    "rate_limits"
                })
        void keepsNobodyFromALogin(String line) {
            Result job = cli.run(
                    "run",
                    "--pool",
                    "team",
                    "--",
                    "sh",
                    "-c",
                    "d=$CODEX_HOME/sessions/2026/01/01; mkdir -p $d; echo '" + line + "' > $d/rollout-x.jsonl");

            assertThat(job.exitCode()).as(job.toString()).isZero();
            assertThat(cli.run("status").out()).doesNotContain("LIMITED");
        }

        @Test
        void isNotFollowedOutOfItsHome() throws Exception {
            Path elsewhere = Files.createDirectories(cli.folder().resolve("elsewhere/2026/01/01"));
            Files.writeString(
                    elsewhere.resolve("rollout-x.jsonl"),
                    "{\"payload\":{\"rate_limits\":{\"primary\":{\"used_percent\":100,\"resets_at\":"
                            + SOON.getEpochSecond() + "}}}}");
            Result job = cli.run(
                    "run",
                    "--pool",
                    "team",
                    "--",
                    "sh",
                    "-c",
                    "ln -s " + cli.folder().resolve("elsewhere") + " $CODEX_HOME/sessions");

            assertThat(job.exitCode()).as(job.toString()).isZero();
            assertThat(cli.run("status").out()).doesNotContain("LIMITED");
        }
    }
}
