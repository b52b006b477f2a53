package io.github.codexauth.broker;

import io.github.codexauth.SecretText;
import java.util.Optional;

/** Where a broker gets the credential from. Safe for use by several threads. */
public interface Bearers {
    /** The one to send now. Waits while somebody refreshes what has ended. */
    Bearer current() throws InterruptedException;

    /** The one that follows on one that a server has refused; empty if there is none. */
    Optional<Bearer> after(Bearer refused) throws InterruptedException;

    /** A key or token, which is what it is. */
    static Bearers only(SecretText token) {
        Bearer bearer = new Bearer(token, 0);
        return new Bearers() {
            @Override
            public Bearer current() {
                return bearer;
            }

            @Override
            public Optional<Bearer> after(Bearer refused) {
                return Optional.empty();
            }
        };
    }
}
