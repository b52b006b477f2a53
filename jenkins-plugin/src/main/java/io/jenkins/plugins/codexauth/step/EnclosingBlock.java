package io.jenkins.plugins.codexauth.step;

import hudson.model.Computer;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.session.BuildOnAgent;
import io.jenkins.plugins.codexauth.session.BuildSessions;
import io.jenkins.plugins.codexauth.session.SignInFailedException;
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
    record Taken(CodexAccount account, Optional<String> node, boolean innermost) {
        /** @throws SignInFailedException if another block is between, so that its home is not the one here */
        void requireInnermost() throws SignInFailedException {
            if (!innermost) {
                throw new SignInFailedException(
                        "an enclosing withCodexAuth block has '" + account.fullName()
                                + "', and a block in between signs in with something else",
                        "end the block in between before this one begins, or use another account here");
            }
        }

        private void requireOn(BuildOnAgent site) throws SignInFailedException {
            Computer computer = site.workspace().toComputer();
            String there = node.orElse("");
            if (computer == null || !there.equals(computer.getName())) {
                throw new SignInFailedException(
                        "the enclosing withCodexAuth block has '" + account.fullName() + "' on agent '" + there
                                + "', and a login can be in one place only",
                        "end that block before this one begins, or use another account here");
            }
        }
    }

    /**
     * Whether a block on an agent has one of these accounts already, by a block around it whose home it shares.
     *
     * @param around the block around it; null for none
     * @throws SignInFailedException if it has, where it cannot be shared; or must have none of its own there
     */
    static boolean isSignedInAlready(
            @Nullable EnclosingBlock around, List<CodexAccount> accounts, BuildOnAgent site, Give give)
            throws SignInFailedException {
        Optional<Taken> found = around == null ? Optional.empty() : around.of(accounts);
        if (found.isEmpty()) {
            requireOwnAddress(around, give);
            return false;
        }
        found.get().requireOn(site);
        found.get().requireInnermost();
        return true;
    }

    /**
     * What a whole login is refreshed by must not be the address of a block around it, which knows another.
     *
     * @param around null for none
     */
    static void requireOwnAddress(@Nullable EnclosingBlock around, Give give) throws SignInFailedException {
        if (around != null && around.keepsLogin() && give == Give.ALL) {
            throw new SignInFailedException(
                    "a block around this one has a login that stays on the controller, and this one's Codex would ask"
                            + " there for its own",
                    "leave give: 'all' out here, or end the block around it before this one begins");
        }
    }

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
