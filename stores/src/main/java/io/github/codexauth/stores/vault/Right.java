package io.github.codexauth.stores.vault;

/**
 * What a policy has to allow for a call.
 *
 * @param capabilities in the words of policies
 * @param path as policies name it
 */
record Right(String capabilities, String path) {
    static Right read(String path) {
        return new Right("read", path);
    }

    /** Which of the two it is the server decides: whether there is an entry already. */
    static Right write(String path) {
        return new Right("create and update", path);
    }

    static Right list(String path) {
        return new Right("list", path);
    }

    /** For messages. */
    @Override
    public String toString() {
        return capabilities + " on '" + path + "'";
    }
}
