package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.testing.Page;
import io.github.codexauth.testing.Result;
import org.junit.jupiter.api.Test;

/** What older Enterprise servers and runners leave out, and the line of a policy that decides then. */
class OlderGitHubIT extends OnOneMachine {
    private static final String POLICY = "codex-auth/policy.yaml";

    /** The policy of docs/github-actions.md. */
    private static final String OLDER_SERVER = Page.of("docs/github-actions.md").block("events: [schedule]") + "\n";

    private Cli job(String event, String payload) {
        return job(cli, event, payload);
    }

    private static Cli job(Cli machine, String event, String payload) {
        Cli job = machine.inGitHubActions().with("GITHUB_EVENT_NAME", event);
        job.write("event.json", payload);
        return job;
    }

    /** The test is operator and job at once, which a policy has to say. */
    private Result allowedBy(String policy, String event, String payload) {
        return job(cli.withEtc(POLICY, policy + "job-may-write-policy: true\n"), event, payload)
                .without("RUNNER_ENVIRONMENT")
                .run("check");
    }

    private static String repository(String more) {
        return "{\"repository\": {\"full_name\": \"acme/app\", \"fork\": false" + more + "}}";
    }

    @Test
    void withoutVisibilityTheOlderFieldPrivateDecides() {
        Result closed = job("push", repository(", \"private\": true")).run("check");
        Result open = job("push", repository(", \"private\": false")).run("check");

        assertThat(closed.exitCode()).as(closed.toString()).isZero();
        assertThat(closed.err()).contains("private (event payload: repository.private is true)");
        assertThat(open.exitCode()).as(open.toString()).isEqualTo(77);
    }

    @Test
    void aRunnerThatDoesNotSayWhoseItIsTakesTheOperatorsWord() {
        String payload = repository(", \"private\": true");

        Result usual = job("push", payload).without("RUNNER_ENVIRONMENT").run("check");
        Result allowed = allowedBy(OLDER_SERVER, "push", payload);

        assertThat(usual.exitCode()).as(usual.toString()).isEqualTo(77);
        assertThat(usual.err()).contains("error: the kind of runner is not known", "runners: [any]");
        assertThat(allowed.exitCode()).as(allowed.toString()).isZero();
    }

    @Test
    void aScheduleThatDoesNotSayOfWhichRepositoryItIsTakesARuleOfItsOwn() {
        String payload = "{\"schedule\": \"17 3 * * 1\"}";

        Result usual = job("schedule", payload).run("check");
        Result allowed = allowedBy(OLDER_SERVER, "schedule", payload);

        assertThat(usual.exitCode()).as(usual.toString()).isEqualTo(77);
        assertThat(usual.err())
                .contains("error: the repository's visibility is not known", "visibility: [any]", "forks: true");
        assertThat(allowed.exitCode()).as(allowed.toString()).isZero();
    }

    @Test
    void whatSchedulesAreAllowedNothingElseIs() {
        String fork = """
                {"repository": {"full_name": "acme/app", "private": true, "fork": false},
                 "pull_request": {"head": {"repo": {"full_name": "stranger/app"}}, "user": {"login": "stranger"}}}""";

        Result publicPush = allowedBy(OLDER_SERVER, "push", repository(", \"private\": false"));
        Result foreign = allowedBy(OLDER_SERVER, "pull_request", fork);

        assertThat(publicPush.exitCode()).as(publicPush.toString()).isEqualTo(77);
        assertThat(foreign.exitCode()).as(foreign.toString()).isEqualTo(77);
    }
}
