package io.github.codexauth.runner.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;

/** Sends a signal by the shell's built-in {@code kill}: Java itself knows TERM and KILL only. */
final class SignalSender {
    private SignalSender() {}

    static void send(JobSignal signal, long pid) throws InterruptedException {
        if (signal == JobSignal.TERM) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
            return;
        }
        try {
            new ProcessBuilder("sh", "-c", "kill -s \"$1\" \"$2\"", "sh", signal.name(), Long.toString(pid))
                    .redirectError(Redirect.DISCARD)
                    .redirectOutput(Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException noShell) {
            // A process that cannot be interrupted can still be ended.
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        }
    }
}
