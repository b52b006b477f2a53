package io.github.codexauth.runner.console;

import java.io.PrintStream;

/**
 * Sentences for people, on stderr, each with the prefix {@code codex-auth:}; stdout belongs to the job.
 *
 * <p>Safe for use by several threads: a sentence is one write.
 */
public final class Messages {
    private static final String PREFIX = "codex-auth: ";

    private final PrintStream err;
    private final Annotating annotating;

    /** Shows a problem where a CI system's page would otherwise hide it in the log. */
    public interface Annotating {
        /** For systems that have no such thing. */
        Annotating NONE = new Annotating() {
            @Override
            public void error(String text) {}

            @Override
            public void warning(String text) {}
        };

        void error(String text);

        void warning(String text);
    }

    public Messages(PrintStream err, Annotating annotating) {
        this.err = err;
        this.annotating = annotating;
    }

    /** What happens. */
    public void say(String sentence) {
        print("", sentence);
    }

    /** What does not stop the job, and should not stay as it is. */
    public void warn(String sentence) {
        print("warning: ", sentence);
        annotating.warning(sentence);
    }

    /** What was found, and what to type. */
    public void error(String problem, String hint) {
        print("error: ", problem);
        print("hint: ", hint);
        annotating.error(problem + "\n" + hint);
    }

    private void print(String kind, String text) {
        err.print(PREFIX + kind + text + "\n");
        err.flush();
    }
}
