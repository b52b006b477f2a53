package io.jenkins.plugins.codexauth.step;

import java.io.Serializable;

/** A login that a block has, for blocks inside of it: they cannot take it once more, and need not. */
final class EnclosingLogin implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String account;
    private final String node;

    /** @param account the account's full name */
    EnclosingLogin(String account, String node) {
        this.account = account;
        this.node = node;
    }

    boolean isOf(String otherAccount) {
        return account.equals(otherAccount);
    }

    boolean isOn(String otherNode) {
        return node.equals(otherNode);
    }

    String account() {
        return account;
    }

    String node() {
        return node;
    }
}
