package io.github.codexauth.runner.policy;

import java.util.List;

/** What starts a job without bringing a stranger's input along, in each CI system's words. */
final class HarmlessEvents {
    private static final List<String> WORKFLOWS =
            List.of("push", "schedule", "workflow_dispatch", "merge_group", "pull_request");

    private HarmlessEvents() {}

    /** The events that a rule allows which names none. */
    static List<String> of(String platform) {
        return switch (platform) {
            case "github", "forgejo", "gitea" -> WORKFLOWS;
            case "gitlab" -> List.of("push", "schedule", "web", "merge_request_event", "parent_pipeline");
            case "buildkite" -> List.of("webhook", "schedule", "ui");
            case "azure" -> List.of("Manual", "IndividualCI", "BatchedCI", "Schedule", "PullRequest");
            default -> List.of();
        };
    }
}
