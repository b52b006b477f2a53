package io.github.codexauth.runner.storage.kubernetes;

import io.github.codexauth.runner.storage.remote.Failure;
import io.github.codexauth.store.StoreUnavailableException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a server's answers mean, in our own words: its sentences are not shown, since they may quote anything. */
record Refusals(ClusterAddress address) {
    private static final String SEE_RIGHTS = "print the role that runners need: codex-auth store init --store …";

    /**
     * An answer that is a failure.
     *
     * @param rest for how long the server wants to hear nothing
     * @param right what was needed for the call
     */
    Failure answered(int status, Duration rest, Right right) {
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
                        ? new Failure(
                                Failure.Kind.UNANSWERED,
                                told(
                                        "the API server of " + address + " did not do what was asked (" + status + ")",
                                        "see whether it is well: kubectl get --raw /readyz"),
                                rest)
                        : refused(
                                "the API server of " + address + " refused what was asked (" + status + ")",
                                "look at: codex-auth doctor");
        };
    }

    /** No answer at all. */
    Failure failed(@Nullable Throwable cause) {
        if (isAboutCertificates(cause)) {
            return refused(
                    "the API server of " + address + " shows a certificate that is not trusted here",
                    "name the file of the authority that signed it: &ca=/FILE");
        }
        boolean unsent = cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
        return new Failure(unsent ? Failure.Kind.UNREACHED : Failure.Kind.UNANSWERED, unreachable());
    }

    /** No answer in time. */
    Failure silent() {
        return new Failure(Failure.Kind.UNANSWERED, unreachable());
    }

    private StoreUnavailableException unreachable() {
        return told(
                "the API server of " + address + " cannot be reached",
                "see whether it answers: curl -k " + address.server() + "/readyz");
    }

    static boolean isAboutCertificates(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof java.security.cert.CertificateException) {
                return true;
            }
        }
        return false;
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

    Failure noAuthority() {
        return refused(
                "there are no certificates in "
                        + address.authority().map(Object::toString).orElse("Java's own file"),
                "put those of the authority there that signed the API server's, in PEM form");
    }

    private static Failure refused(String problem, String hint) {
        return new Failure(Failure.Kind.REFUSED, told(problem, hint));
    }

    private static StoreUnavailableException told(String problem, String hint) {
        return new StoreUnavailableException(problem, hint);
    }
}
