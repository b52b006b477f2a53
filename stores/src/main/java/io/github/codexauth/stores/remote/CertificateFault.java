package io.github.codexauth.stores.remote;

import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why the certificate that a server showed was not believed. A server that has one would show it again. */
public enum CertificateFault {
    EXPIRED(
            "shows a certificate that has expired",
            "let whoever keeps it show a new one; if it does, set the clock of this machine"),
    NOT_YET_VALID(
            "shows a certificate that is not valid yet",
            "set the clock of this machine; if it is right, let whoever keeps the server show another certificate"),
    OTHER_NAME("shows a certificate for another name", "name the server in --store as its certificate does"),
    OTHER_AUTHORITY("shows a certificate that is not trusted here", "name the file of the authority that signed it");

    private final String found;
    private final String remedy;

    CertificateFault(String found, String remedy) {
        this.found = found;
        this.remedy = remedy;
    }

    /** What was found, to follow the server's name. */
    public String found() {
        return found;
    }

    /** What is to be done, as a sentence begins with it. */
    public String remedy() {
        return remedy;
    }

    /** What a failure says of a certificate; empty if it is about something else. */
    public static Optional<CertificateFault> of(@Nullable Throwable failure) {
        Optional<CertificateFault> fault = Optional.empty();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                return Optional.of(EXPIRED);
            }
            if (cause instanceof CertificateNotYetValidException) {
                return Optional.of(NOT_YET_VALID);
            }
            if (cause instanceof CertificateException && fault.isEmpty()) {
                // Java has no class of its own for a name that does not match, and has one for everything else.
                fault = Optional.of(cause.getClass() == CertificateException.class ? OTHER_NAME : OTHER_AUTHORITY);
            }
        }
        return fault;
    }
}
