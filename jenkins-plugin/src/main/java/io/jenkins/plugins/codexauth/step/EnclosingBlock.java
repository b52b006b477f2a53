package io.jenkins.plugins.codexauth.step;

import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A block, for blocks and steps inside of it: they cannot take its login once more, and need not. Remembers the
 * session's name alone, since an account has another name after its folder was moved, and the session knows.
 */
final class EnclosingBlock implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String session;
    private final boolean keepsLogin;
    private final @Nullable EnclosingBlock around;

    /**
     * @param session the block's
     * @param keepsLogin whether it has a login that stays on the controller
     * @param around the block around it; null for none
     */
    EnclosingBlock(String session, boolean keepsLogin, @Nullable EnclosingBlock around) {
        this.session = session;
        this.keepsLogin = keepsLogin;
        this.around = around;
    }

    /**
     * One of the accounts, as a block around has it.
     *
     * @param node the agent that it is on; empty for a block that waits for an agent
     * @param innermost whether no other block is between
     */
    record Taken(CodexAccount account, Optional<String> node, boolean innermost) {}

    /** The first of these accounts that this block, or one around it, has now or waits for. */
    Optional<Taken> of(List<CodexAccount> accounts) {
        boolean innermost = true;
        for (EnclosingBlock block = this; block != null; block = block.around) {
            for (CodexAccount account : accounts) {
                Optional<String> node = BuildSessions.get().nodeWith(block.session, account);
                if (node.isPresent() || AwaitedLogins.get().isAwaited(block.session, account)) {
                    return Optional.of(new Taken(account, node, innermost));
                }
            }
            innermost = false;
        }
        return Optional.empty();
    }

    /** Whether this block, or one around it, has a login that stays on the controller. */
    boolean keepsLogin() {
        return keepsLogin || around != null && around.keepsLogin();
    }

    /** The sessions of all blocks around a step, the outermost first. */
    List<String> sessions() {
        List<String> sessions = around == null ? new ArrayList<>() : around.sessions();
        sessions.add(session);
        return sessions;
    }
}
