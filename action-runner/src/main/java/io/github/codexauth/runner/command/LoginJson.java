package io.github.codexauth.runner.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.runner.console.Json;
import io.github.codexauth.store.Envelope;

/** A stored login for machines: the envelope, which holds no secret. */
final class LoginJson {
    private LoginJson() {}

    static ObjectNode of(Envelope envelope) {
        ObjectNode json = Json.object()
                .put("id", envelope.id().value())
                .put("generation", envelope.generation())
                .put("account", envelope.account());
        envelope.plan().ifPresent(plan -> json.put("plan", plan));
        json.put("lastRefresh", envelope.lastRefresh().toString());
        envelope.expiresAt().ifPresent(expiry -> json.put("expiresAt", expiry.toString()));
        envelope.needsLogin()
                .ifPresent(needs -> json.putObject("needsLogin")
                        .put("since", needs.since().toString())
                        .put("cause", needs.cause().label()));
        envelope.health().usageLimitUntil().ifPresent(end -> json.put("usageLimitUntil", end.toString()));
        return json.put("savedAt", envelope.savedAt().toString()).put("savedBy", envelope.savedBy());
    }
}
