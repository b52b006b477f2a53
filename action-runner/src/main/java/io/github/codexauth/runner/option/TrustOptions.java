package io.github.codexauth.runner.option;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.runner.input.Inputs;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.input.SignIn;
import io.github.codexauth.runner.policy.TrustCheck;
import io.github.codexauth.runner.storage.OwnFolders;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.UntrustedJobException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Which policy judges the job. */
public final class TrustOptions {
    private final ProcessContext process;
    private final Inputs inputs;

    public TrustOptions(ProcessContext process, Inputs inputs) {
        this.process = process;
        this.inputs = inputs;
    }

    /** Gathers what is known of the job. */
    public TrustCheck gather() throws CodexAuthException {
        return TrustCheck.gather(
                process.environment(), process.clock(), process.machine().policy(), Options.POLICY.in(inputs));
    }

    /**
     * The same, for a job that may sign in this way; a pool is judged by its name, before anybody looks who is in it.
     *
     * @param messages told what an operator should know, whatever the verdict
     * @throws UntrustedJobException if it may not
     */
    public TrustCheck require(SignIn signIn, Messages messages) throws CodexAuthException {
        Optional<Unseen> unseen = unseen();
        if (unseen.isPresent()) {
            messages.say(unseen.get().sentence());
        }
        TrustCheck check = gather();
        check.judge(new CredentialRequest(signIn.mode(), signIn.names())).require();
        return check;
    }

    /** A policy that may be meant to hold and is not seen, and how it would be. */
    public record Unseen(String what, String fix) {
        /** Both, for a log. */
        public String sentence() {
            return what + "; " + fix;
        }
    }

    /** What an operator should know who relies on the policy of a container's host. */
    public Optional<Unseen> unseen() {
        Path machines = process.machine().policy();
        return OwnFolders.of(process.environment()).inImage() && Files.notExists(machines)
                ? Optional.of(new Unseen(
                        "this container has no " + machines + ", and cannot see whether its host has one",
                        "a policy of the host holds here if it is mounted: --volume=" + machines + ":" + machines
                                + ":ro"))
                : Optional.empty();
    }
}
