package io.jenkins.plugins.codexauth.step;

import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A login that a block has, for blocks inside of it: they cannot take it once more, and need not. Remembers the
 * session's name alone, since an account has another name after its folder was moved, and the session knows.
 */
final class EnclosingLogin implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String session;
    private final Give give;
    private final @Nullable EnclosingLogin around;

    /**
     * @param session the block's
     * @param give what it got of the login
     * @param around the login of the block around it; null for none
     */
    EnclosingLogin(String session, Give give, @Nullable EnclosingLogin around) {
        this.session = session;
        this.give = give;
        this.around = around;
    }

    /** One of the accounts, as a block around has it. */
    record Taken(CodexAccount account, String node, boolean innermost) {}

    /** The first of these accounts that this block, or one around it, has now. */
    Optional<Taken> of(List<CodexAccount> accounts) {
        boolean innermost = true;
        for (EnclosingLogin block = this; block != null; block = block.around) {
            for (CodexAccount account : accounts) {
                Optional<String> node = BuildSessions.get().nodeWith(block.session, account);
                if (node.isPresent()) {
                    return Optional.of(new Taken(account, node.get(), innermost));
                }
            }
            innermost = false;
        }
        return Optional.empty();
    }

    /** Whether this block, or one around it, has a login that stays on the controller. */
    boolean keepsLogin() {
        return give == Give.ACCESS || around != null && around.keepsLogin();
    }
}
