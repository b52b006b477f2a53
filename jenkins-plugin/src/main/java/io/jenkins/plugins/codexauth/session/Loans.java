package io.jenkins.plugins.codexauth.session;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.login.LoanedLogin;
import io.github.codexauth.store.Lease;
import java.util.List;

/** Where a turn at a login that stays on the controller gets it from. */
interface Loans {
    /**
     * The login, as it is stored.
     *
     * @param lease the turn's
     * @throws CodexAuthException if there is none that could be used, or no way to it
     */
    LoanedLogin take(Lease lease) throws CodexAuthException;

    /**
     * The login, for what a refresh that was cut off left of it.
     *
     * @param files what is in that refresh's home
     * @throws CodexAuthException if there is none any more, or no way to it
     */
    LoanedLogin resume(Lease lease, List<byte[]> files) throws CodexAuthException;

    /** For a session that has the login to itself: the one that it has. */
    static Loans holding(LoanedLogin login) {
        return new Loans() {
            @Override
            public LoanedLogin take(Lease lease) {
                return login;
            }

            @Override
            public LoanedLogin resume(Lease lease, List<byte[]> files) {
                return login;
            }
        };
    }
}
