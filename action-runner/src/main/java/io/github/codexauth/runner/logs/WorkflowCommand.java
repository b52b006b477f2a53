package io.github.codexauth.runner.logs;

/** The line format of GitHub Actions: docs.github.com, "Workflow commands". */
final class WorkflowCommand {
    private WorkflowCommand() {}

    static String escaped(String data) {
        return data.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }
}
