package io.jenkins.plugins.codexauth.session;

import hudson.remoting.ChannelClosedException;
import hudson.remoting.RequestAbortedException;

/** What a call to an agent fails with when the agent goes away, and nothing else does. */
final class BrokenChannel {
    private BrokenChannel() {}

    /** Whether a call failed because its channel was closed, before or in the middle of it. */
    static boolean isCauseOf(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof ChannelClosedException || each instanceof RequestAbortedException) {
                return true;
            }
        }
        return false;
    }
}
