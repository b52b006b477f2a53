package io.jenkins.plugins.codexauth.step;

import hudson.model.TaskListener;
import io.github.codexauth.CodexAuthException;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.session.BuildOnAgent;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import io.jenkins.plugins.codexauth.session.SignedIn;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Holds up a thread of the build's own until the build is signed in. */
final class BlockingEntrance implements SignInAttempt.Listener {
    private final CompletableFuture<Boolean> result = new CompletableFuture<>();
    private final String session;
    private final Neighbours neighbours;
    private final TaskListener log;

    BlockingEntrance(String session, Neighbours neighbours, TaskListener log) {
        this.session = session;
        this.neighbours = neighbours;
        this.log = log;
    }

    /** What else the build has. */
    @FunctionalInterface
    interface Neighbours {
        /** As {@link SignInAttempt.Listener#isSignedInAlready}. */
        boolean isSignedInAlready(List<CodexAccount> accounts, BuildOnAgent site) throws Exception;
    }

    @Override
    public boolean isSignedInAlready(List<CodexAccount> accounts, BuildOnAgent site) throws Exception {
        boolean already = neighbours.isSignedInAlready(accounts, site);
        if (already) {
            result.complete(false);
        }
        return already;
    }

    @Override
    public void signedIn(BuildOnAgent site, SignedIn signedIn, @Nullable CodexAccount account) {
        result.complete(true);
    }

    @Override
    public void failed(Throwable problem) {
        result.completeExceptionally(problem);
    }

    /**
     * Signs in.
     *
     * @return whether the session is open now; not if the build has the login already
     * @throws InterruptedException if the thread was told to stop; the session is ended then, and the turn given back
     */
    boolean pass(SignInAttempt signIn) throws CodexAuthException, IOException, InterruptedException {
        signIn.begin();
        try {
            return result.get();
        } catch (InterruptedException stop) {
            signIn.giveUp(stop);
            // A home that is being made just now is ended first.
            if (result.handle((done, problem) -> problem == null).join()) {
                BuildSessions.get().end(session, log);
            }
            throw stop;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CodexAuthException known) {
                throw known;
            }
            if (e.getCause() instanceof IOException known) {
                throw known;
            }
            throw new IOException("signing in failed", e.getCause());
        }
    }
}
