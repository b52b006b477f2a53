package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.SignInMode;
import io.github.codexauth.login.NoSuchCredentialException;
import io.github.codexauth.runner.input.SignIn;
import io.github.codexauth.runner.oidc.UsedTokens;
import io.github.codexauth.runner.policy.Verdict;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.Refusal;
import io.github.codexauth.trust.Signature;
import io.github.codexauth.trust.TrustDecision;
import io.github.codexauth.trust.UntrustedJobException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The verdict on a job, before anything is read or taken.
 *
 * @param proof that the policy allows it
 * @param facts what the job said about itself
 * @param signatures who signed them
 */
record Admission(TrustDecision.Trusted proof, JobFacts facts, List<Signature> signatures) {
    /** Judges whether the job may sign in this way; a pool is judged by its name, before anybody looks who is in it. */
    static Admission of(Surroundings here, TrustOptions trust, SignIn signIn) throws CodexAuthException {
        trust.unseen(here).ifPresent(unseen -> Console.messages(here).say(unseen.sentence()));
        return judge(here, trust, signIn.mode(), names(signIn));
    }

    /** Judges once more, after a wait in which the policy and everything else may have changed. */
    static Admission again(Surroundings here, TrustOptions trust, SignIn signIn, CredentialId id)
            throws CodexAuthException {
        return judge(here, trust, signIn.mode(), List.of(id));
    }

    /** The members of a pool that the job may have, with the verdict on them. */
    record Members(Admission admission, List<CredentialId> ids) {}

    /**
     * Looks who is in a pool, and judges each.
     *
     * @throws NoSuchCredentialException if nobody is
     * @throws UntrustedJobException if the job may have none of them
     */
    static Members members(
            Surroundings here, TrustOptions trust, SignIn.Managed signIn, SignIn.Pool pool, CredentialStore store)
            throws CodexAuthException {
        List<CredentialId> all = store.list().stream().filter(pool::contains).toList();
        if (all.isEmpty()) {
            throw NoSuchCredentialException.inPool(pool.name(), store.address());
        }
        List<CredentialId> allowed = new ArrayList<>();
        for (CredentialId id : all) {
            if (verdict(here, trust, signIn.mode(), List.of(id)).decision() instanceof TrustDecision.Trusted) {
                allowed.add(id);
            }
        }
        List<CredentialId> ids = allowed.isEmpty() ? all : allowed;
        return new Members(judge(here, trust, signIn.mode(), ids), ids);
    }

    /**
     * Uses up the tokens that count once, so that nobody else can come with them.
     *
     * @throws UntrustedJobException if somebody did already
     * @throws StoreUnavailableException if the store cannot remember them
     */
    void useUp(UsedTokens used) throws CodexAuthException {
        try {
            for (Signature signature : signatures) {
                if (!used.use(signature)) {
                    throw new UntrustedJobException(new TrustDecision.Refused(List.of(new Refusal(
                            "the signed token was used before",
                            "use the token that the CI system gives to this very job"))));
                }
            }
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    "cannot write down in the store that a signed token was used",
                    "look at it with: codex-auth doctor");
        }
    }

    private static Admission judge(Surroundings here, TrustOptions trust, SignInMode mode, List<CredentialId> ids)
            throws CodexAuthException {
        Verdict verdict = verdict(here, trust, mode, ids);
        if (verdict.decision() instanceof TrustDecision.Trusted proof) {
            return new Admission(proof, verdict.facts(), verdict.signatures());
        }
        throw new UntrustedJobException((TrustDecision.Refused) verdict.decision());
    }

    private static Verdict verdict(Surroundings here, TrustOptions trust, SignInMode mode, List<CredentialId> ids)
            throws CodexAuthException {
        return trust.judge(here, new CredentialRequest(mode, ids));
    }

    private static List<CredentialId> names(SignIn signIn) {
        if (signIn instanceof SignIn.Managed managed) {
            return List.of(
                    managed.choice() instanceof SignIn.One one ? one.id() : ((SignIn.Pool) managed.choice()).name());
        }
        return List.of();
    }
}
