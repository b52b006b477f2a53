package io.github.codexauth.runner.logs;

import io.github.codexauth.runner.console.Messages;
import java.io.PrintStream;

/** Shows problems on the run's summary page, where people look first. */
public final class Annotations implements Messages.Annotating {
    private final PrintStream log;

    public Annotations(PrintStream log) {
        this.log = log;
    }

    @Override
    public void error(String text) {
        print("error", text);
    }

    @Override
    public void warning(String text) {
        print("warning", text);
    }

    private void print(String kind, String text) {
        log.print("::" + kind + " title=codex-auth::" + WorkflowCommand.escaped(text) + "\n");
        log.flush();
    }
}
