package io.jenkins.plugins.codexauth.metrics;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.MetricSet;
import hudson.Extension;
import io.jenkins.plugins.codexauth.account.Health;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import io.jenkins.plugins.codexauth.trust.AuditLog;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;
import jenkins.metrics.api.MetricProvider;

/**
 * The plugin's metrics, all of them gauges. Without the metrics plugin this class cannot be loaded, and nobody else
 * knows it.
 */
@Extension(optional = true)
public final class CodexAuthMetrics extends MetricProvider {
    private static final String PREFIX = "codex-auth";

    private final Census census;

    public CodexAuthMetrics() {
        this(new Census(Clock.systemUTC()));
    }

    CodexAuthMetrics(Census census) {
        this.census = census;
    }

    @Override
    public MetricSet getMetricSet() {
        Map<String, Metric> all = new LinkedHashMap<>();
        counted(all, Census.Count::accounts, "account", "count");
        for (Health health : Health.values()) {
            String word = health.name().toLowerCase(Locale.ROOT).replace('_', '-');
            counted(all, count -> count.of(health), "account", word);
        }
        counted(all, Census.Count::inUse, "account", "in-use");
        counted(all, Census.Count::waiting, "build", "waiting");
        all.put(name("refresh", "count"), (Gauge<Long>)
                () -> BuildSessions.get().refreshes());
        all.put(name("refusal", "count"), (Gauge<Long>) () -> AuditLog.get().refused());
        return metrics(all);
    }

    private void counted(Map<String, Metric> all, ToIntFunction<Census.Count> what, String... words) {
        all.put(name(words), (Gauge<Integer>) () -> what.applyAsInt(census.now()));
    }

    private static String name(String... words) {
        return MetricRegistry.name(PREFIX, words);
    }
}
