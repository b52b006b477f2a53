package io.github.codexauth.runner.command;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The state of a store in Prometheus' text format (prometheus.io, "Exposition formats"), for a scrape or for the node
 * exporter's textfile collector. Times are Unix times in seconds, so that an alert compares them with {@code time()}.
 *
 * <p>Written by hand: these are gauges without a registry, and the labels are names of credentials and of causes, in
 * which nothing needs escaping.
 */
final class StatusMetrics {
    private static final String PREFIX = "codex_auth_";

    private final List<CredentialStatus> credentials;
    private final StringBuilder text = new StringBuilder();

    private StatusMetrics(List<CredentialStatus> credentials) {
        this.credentials = List.copyOf(credentials);
    }

    /** @param now when the store was looked at */
    static String of(List<CredentialStatus> credentials, Instant now) {
        StatusMetrics metrics = new StatusMetrics(credentials);
        metrics.write(now);
        return metrics.text.toString();
    }

    private void write(Instant now) {
        describe("status_timestamp_seconds", "When the store was looked at.");
        sample("status_timestamp_seconds", Map.of(), now.getEpochSecond());
        gauge(
                "login_healthy",
                "1 if jobs can start from the login; 0 if it needs a new one, or its record is damaged.",
                login -> Optional.of(login.isHealthy() ? 1L : 0L));
        needsLogin();
        gauge(
                "login_generation",
                "How often the login was stored.",
                login -> login.envelope().map(envelope -> envelope.generation()));
        gauge(
                "login_saved_timestamp_seconds",
                "When the login was stored.",
                login -> login.envelope().map(envelope -> envelope.savedAt().getEpochSecond()));
        gauge(
                "login_refreshed_timestamp_seconds",
                "When Codex refreshed the login.",
                login -> login.envelope().map(envelope -> envelope.lastRefresh().getEpochSecond()));
        gauge(
                "login_expires_timestamp_seconds",
                "When the access token ends; the next use of the login refreshes it.",
                login -> login.envelope()
                        .flatMap(envelope -> envelope.expiresAt())
                        .map(Instant::getEpochSecond));
        gauge(
                "login_usage_limit_until_timestamp_seconds",
                "Until when the account has reached its usage limit.",
                login -> login.envelope()
                        .flatMap(envelope -> envelope.health().usageLimitUntil())
                        .map(Instant::getEpochSecond));
        gauge(
                "login_in_use",
                "1 if somebody has the login.",
                login -> Optional.of(login.occupancy().isPresent() ? 1L : 0L));
        gauge(
                "login_in_use_since_timestamp_seconds",
                "Since when.",
                login -> login.occupancy()
                        .map(occupancy -> occupancy.holder().since().getEpochSecond()));
        gauge(
                "login_shared_by",
                "How many jobs share the login.",
                login -> Optional.of((long) login.users().size()));
        gauge(
                "login_waiting",
                "How many jobs wait for the login.",
                login -> login.waiters().isPresent()
                        ? Optional.of((long) login.waiters().getAsInt())
                        : Optional.empty());
        gauge(
                "login_rescue_copies",
                "Rescue copies of the login on this machine, for codex-auth rescue.",
                login -> Optional.of((long) login.rescueCopies()));
        gauge(
                "login_put_aside",
                "Logins that lie beside this one in the store, for codex-auth rescue.",
                login -> login.aside().isPresent()
                        ? Optional.of((long) login.aside().getAsInt())
                        : Optional.empty());
    }

    private void needsLogin() {
        String name = "login_needs_login_since_timestamp_seconds";
        describe(name, "Since when the login is known to need a new one, and why.");
        for (CredentialStatus login : credentials) {
            login.envelope()
                    .flatMap(envelope -> envelope.needsLogin())
                    .ifPresent(needs -> sample(
                            name,
                            Map.of(
                                    "id",
                                    login.id().value(),
                                    "cause",
                                    needs.cause().label()),
                            needs.since().getEpochSecond()));
        }
    }

    private void gauge(String name, String help, Function<CredentialStatus, Optional<Long>> value) {
        describe(name, help);
        for (CredentialStatus login : credentials) {
            value.apply(login)
                    .ifPresent(number -> sample(name, Map.of("id", login.id().value()), number));
        }
    }

    private void describe(String name, String help) {
        text.append("# HELP ")
                .append(PREFIX)
                .append(name)
                .append(' ')
                .append(help)
                .append('\n');
        text.append("# TYPE ").append(PREFIX).append(name).append(" gauge\n");
    }

    private void sample(String name, Map<String, String> labels, long value) {
        text.append(PREFIX).append(name);
        if (!labels.isEmpty()) {
            text.append('{');
            text.append(String.join(
                    ",",
                    new TreeMap<>(labels)
                            .entrySet().stream()
                                    .map(label -> label.getKey() + "=\"" + label.getValue() + '"')
                                    .toList()));
            text.append('}');
        }
        text.append(' ').append(value).append('\n');
    }
}
