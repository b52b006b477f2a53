package io.github.codexauth.stores.kubernetes;

import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.Failure;
import io.github.codexauth.stores.remote.Unreached;
import java.time.Duration;

/** What a server's answers mean, in our own words: its sentences are not shown, since they may quote anything. */
record Refusals(ClusterAddress address) {
    /** api/v3rpc/rpctypes/error.go of etcd, which the API server passes on. */
    private static final String ETCD_IS_FULL = "database space exceeded";

    private static final String SEE_RIGHTS = "print the role that runners need: codex-auth store init --store …";

    /**
     * An answer that is a failure.
     *
     * @param message what the server says about it
     * @param rest for how long the server wants to hear nothing
     * @param right what was needed for the call
     */
    Failure answered(int status, String message, Duration rest, Right right) {
        return switch (status) {
            case 401 ->
                refused(
                        "the API server of " + address + " does not know our token",
                        "it may have ended: see where the service account's token, or the one that the address names,"
                                + " comes from");
            case 403 ->
                refused(
                        "the service account lacks the right " + right + " in namespace '" + address.namespace() + "'",
                        SEE_RIGHTS);
            case 404 -> notThere();
            case 413, 422 ->
                refused(
                        "the API server of " + address + " does not take an object of that size or form (" + status
                                + ")",
                        "look at: codex-auth doctor");
            case 429 ->
                new Failure(
                        Failure.Kind.UNREACHED,
                        told("the API server of " + address + " is busy (429)", "try again later"),
                        rest);
            default ->
                status >= 500
                        ? new Failure(Failure.Kind.UNANSWERED, silentlyFailed(status, message), rest)
                        : refused(
                                "the API server of " + address + " refused what was asked (" + status + ")",
                                "look at: codex-auth doctor");
        };
    }

    private StoreUnavailableException silentlyFailed(int status, String message) {
        return message.contains(ETCD_IS_FULL)
                ? told(
                        "the etcd of the cluster of " + address + " is full",
                        "let whoever keeps the cluster compact and defragment it, and then: etcdctl alarm disarm")
                : told(
                        "the API server of " + address + " did not do what was asked (" + status + ")",
                        "see whether it is well: kubectl get --raw /readyz");
    }

    /** No answer at all. */
    Unreached unreached() {
        return new Unreached(
                "the API server of " + address, "curl -k " + address.server() + "/readyz", address.authority());
    }

    Failure noNamespace() {
        return refused(
                "there is no namespace '" + address.namespace() + "' in the cluster of " + address,
                "make it: kubectl create namespace " + address.namespace());
    }

    Failure notThere() {
        return refused(
                "what answers for " + address + " is no API server of Kubernetes",
                "look at the address after server=: " + address.server());
    }

    private static Failure refused(String problem, String hint) {
        return new Failure(Failure.Kind.REFUSED, told(problem, hint));
    }

    private static StoreUnavailableException told(String problem, String hint) {
        return new StoreUnavailableException(problem, hint);
    }
}
