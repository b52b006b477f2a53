package io.jenkins.plugins.codexauth.session;

/**
 * What is known of a session whose block has access alone, since its login stays on the controller.
 *
 * @param placeholder what stands in the refresh token's place in the block's home; encrypted on the disk
 * @param shared whether other builds may have the login at the same time, so that this one has it for the moments in
 *     which it is refreshed
 * @param refreshing whether a refresh was begun on the agent of which is not known that it is stored
 */
record Access(String placeholder, boolean shared, boolean refreshing) {
    Access whileRefreshing(boolean now) {
        return new Access(placeholder, shared, now);
    }

    @Override
    public String toString() {
        return "Access[shared=" + shared + ", refreshing=" + refreshing + "]";
    }
}
