package io.github.codexauth.stores.remote;

import io.github.codexauth.store.StoreUnavailableException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a server that gives no answer.
 *
 * @param server which one, as a sentence begins with it
 * @param look how to see whether it answers
 * @param authority the file of those whose certificates are believed; empty for Java's own
 */
public record Unreached(String server, String look, Optional<Path> authority) {
    /** No answer in time. */
    public Failure silent() {
        return new Failure(Failure.Kind.UNANSWERED, unreachable());
    }

    /** No answer at all. */
    public Failure failed(@Nullable Throwable cause) {
        Optional<CertificateFault> fault = CertificateFault.of(cause);
        if (fault.isPresent()) {
            String parameter = fault.get() == CertificateFault.OTHER_AUTHORITY ? ": &ca=/FILE" : "";
            return new Failure(
                    Failure.Kind.REFUSED,
                    new StoreUnavailableException(
                            server + " " + fault.get().found(), fault.get().remedy() + parameter));
        }
        boolean unsent = cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
        return new Failure(unsent ? Failure.Kind.UNREACHED : Failure.Kind.UNANSWERED, unreachable());
    }

    private StoreUnavailableException unreachable() {
        return new StoreUnavailableException(server + " cannot be reached", "see whether it answers: " + look);
    }

    static Failure noAuthority() {
        return new Failure(
                Failure.Kind.REFUSED,
                new StoreUnavailableException(
                        "Java's own file of authorities cannot be used",
                        "name the file of the authority that signed the server's certificate: &ca=/FILE"));
    }
}
