package io.jenkins.plugins.codexauth.trust;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.model.Cause;
import hudson.model.Run;
import hudson.triggers.SCMTrigger;
import hudson.triggers.TimerTrigger;
import io.github.codexauth.OneLine;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.Refusal;
import io.github.codexauth.trust.TrustDecision;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One verdict: who asked for which credential, where, and what came of it. Holds no secret.
 *
 * @param time when
 * @param who what started the build: a user's id, {@code timer}, {@code scm}, the build above it,
 *     {@code remote} and an address for one that knew the job's token
 * @param runsAs the user with whose permissions the build runs
 * @param job the job's full name
 * @param build the build's number
 * @param agent the agent's name, {@code built-in} for the built-in node, empty where there was none yet
 * @param credential the id or pool that was named
 * @param mode the way of signing in, as people know it
 * @param allowed the verdict
 * @param reasons why not, if not
 */
public record AuditLine(
        Instant time,
        String who,
        String runsAs,
        String job,
        int build,
        String agent,
        String credential,
        String mode,
        boolean allowed,
        List<String> reasons) {
    private static final JsonMapper JSON = new JsonMapper();

    public AuditLine {
        time = time.truncatedTo(ChronoUnit.MILLIS);
        who = OneLine.of(who);
        runsAs = OneLine.of(runsAs);
        job = OneLine.of(job);
        agent = OneLine.of(agent);
        credential = OneLine.of(credential);
        mode = OneLine.of(mode);
        reasons = reasons.stream().map(OneLine::of).toList();
    }

    static AuditLine of(
            Run<?, ?> build, String agent, CredentialRequest request, String credential, TrustDecision decision) {
        List<String> reasons = decision instanceof TrustDecision.Refused refused
                ? refused.reasons().stream().map(Refusal::found).toList()
                : List.of();
        return new AuditLine(
                Clock.systemUTC().instant(),
                who(build),
                new CredentialUse(build.getParent()).authentication().getName(),
                build.getParent().getFullName(),
                build.getNumber(),
                agent,
                credential,
                request.mode().label(),
                decision instanceof TrustDecision.Trusted,
                reasons);
    }

    private static String who(Run<?, ?> build) {
        String who = build.getCauses().stream().map(AuditLine::who).distinct().collect(Collectors.joining(", "));
        return who.isEmpty() ? "unknown" : who;
    }

    private static String who(Cause cause) {
        if (cause instanceof Cause.UserIdCause user) {
            return user.getUserId() == null ? "anonymous" : user.getUserId();
        }
        if (cause instanceof Cause.UpstreamCause above) {
            return above.getUpstreamProject() + " #" + above.getUpstreamBuild();
        }
        if (cause instanceof Cause.RemoteCause remote) {
            return "remote " + remote.getAddr();
        }
        if (cause instanceof TimerTrigger.TimerTriggerCause) {
            return "timer";
        }
        if (cause instanceof SCMTrigger.SCMTriggerCause) {
            return "scm";
        }
        return cause.getClass().getSimpleName();
    }

    /** The line as it stands in the file: JSON, without the line's end. */
    String text() {
        ObjectNode json = JSON.createObjectNode()
                .put("time", time.toString())
                .put("who", who)
                .put("runsAs", runsAs)
                .put("job", job)
                .put("build", build)
                .put("agent", agent)
                .put("credential", credential)
                .put("mode", mode)
                .put("verdict", allowed ? "allowed" : "refused");
        reasons.forEach(json.putArray("reasons")::add);
        return json.toString();
    }

    /** Reads a line back. Empty for one that is not ours, or was cut off. */
    static Optional<AuditLine> parse(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            List<String> reasons = new ArrayList<>();
            json.path("reasons").forEach(reason -> reasons.add(reason.asText()));
            return Optional.of(new AuditLine(
                    Instant.parse(json.path("time").asText()),
                    json.path("who").asText(),
                    json.path("runsAs").asText(),
                    json.path("job").asText(),
                    json.path("build").asInt(),
                    json.path("agent").asText(),
                    json.path("credential").asText(),
                    json.path("mode").asText(),
                    json.path("verdict").asText().equals("allowed"),
                    reasons));
        } catch (JsonProcessingException | DateTimeException notOurs) {
            return Optional.empty();
        }
    }
}
