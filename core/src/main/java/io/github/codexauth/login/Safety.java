package io.github.codexauth.login;

/** Where the newest state of a login is when its loan ends. */
public enum Safety {
    /** In the store. */
    STORED,
    /** Somebody else stored another login meanwhile; ours lies beside it, or in the rescue area. */
    DISPLACED,
    /** The store took no login any more; ours lies in the rescue area. */
    RESCUED,
    /**
     * What is stored is untouched or saved; the home held another login besides, which lies beside it or in the rescue
     * area.
     */
    PUT_ASIDE,
    /** Not even the rescue area took it, or it cannot be read; it is still in the home, which was left in place. */
    LEFT_IN_HOME
}
