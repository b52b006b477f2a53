package io.jenkins.plugins.codexauth.metrics;

import com.codahale.metrics.Gauge;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;

/** The counted metrics of this moment, where the registered ones may be a minute old. */
public final class MetricsNow {
    private MetricsNow() {}

    public static Map<String, Integer> read() {
        Map<String, Integer> values = new TreeMap<>();
        new CodexAuthMetrics(new Census(Clock.systemUTC()))
                .getMetricSet()
                .getMetrics()
                .forEach((name, metric) -> values.put(name, ((Number) ((Gauge<?>) metric).getValue()).intValue()));
        return values;
    }
}
