package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import hudson.slaves.DumbSlave;
import io.github.codexauth.standin.Login;
import io.jenkins.plugins.codexauth.metrics.MetricsNow;
import java.util.Map;
import java.util.SortedMap;
import jenkins.metrics.api.Metrics;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;

/** What monitoring gets of the metrics plugin's registry, from builds that refresh, are refused, and wait. */
class MetricsTest extends InJenkins {
    @Test
    void refreshes_and_refusals_are_counted() throws Exception {
        long refreshes = number("codex-auth.refresh.count");
        long refusals = number("codex-auth.refusal.count");
        Login login = endedLogin();
        lab.success(lab.job(job, block(Lab.CODEX)));
        DumbSlave other = jenkins.createOnlineSlave();
        String refused = "node('" + other.getNodeName() + "') { withCodexAuth(authJson: '" + account + "') {} }";

        lab.failure(lab.job(job + "-refused", refused));

        assertThat(number("codex-auth.refresh.count")).isEqualTo(refreshes + 1);
        assertThat(number("codex-auth.refusal.count")).isEqualTo(refusals + 1);
        String everything = gauges().entrySet().stream()
                .map(gauge -> gauge.getKey() + "=" + gauge.getValue().getValue())
                .toList()
                .toString();
        assertThat(everything).doesNotContain(account, login.current().refreshToken());
    }

    @Test
    void accounts_are_counted_by_their_health_and_builds_that_wait_once() throws Exception {
        freshLogin();
        WorkflowRun holder = holder();
        WorkflowRun waiting =
                lab.job(job + "-waiting", block("true")).scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("waiting for " + job + "-holder #1", waiting);

        Map<String, Integer> counted = MetricsNow.read();

        assertThat(counted)
                .containsEntry("codex-auth.account.in-use", 1)
                .containsEntry("codex-auth.build.waiting", 1)
                .containsEntry("codex-auth.account.needs-login", 0);
        assertThat(counted.get("codex-auth.account.healthy")).isPositive();
        assertThat(counted.get("codex-auth.account.count")).isGreaterThanOrEqualTo(1);
        goOn();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(holder));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(waiting));
    }

    @SuppressWarnings("rawtypes")
    private static SortedMap<String, Gauge> gauges() {
        MetricRegistry registry = Metrics.metricRegistry();
        return registry.getGauges((name, metric) -> name.startsWith("codex-auth."));
    }

    private static long number(String name) {
        return ((Number) gauges().get(name).getValue()).longValue();
    }
}
