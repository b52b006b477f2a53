package io.jenkins.plugins.codexauth.session;

import io.github.codexauth.login.LoanStart;
import io.jenkins.plugins.codexauth.lease.BuildOwners;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has to outlive the controller's process for a session to go on, or for its login to be collected later.
 *
 * @param session its name, and that of its turn in the queue
 * @param owner the build, see {@link BuildOwners}
 * @param mode how it signs in, as people know it
 * @param place the full name of the folder whose credential it is, empty for Jenkins itself; null where there is no
 *     login to keep
 * @param credential the id of the login; null where there is none to keep
 * @param node the agent's name
 * @param home the {@code CODEX_HOME} on it
 * @param path the block's PATH there; empty for the agent's own
 * @param start what was stored when the home was made
 * @param left whether the session has ended without its home having been collected
 * @param access null where the home has the whole login, or none
 * @param secrets everything that must not be seen in the build's output; encrypted on the disk
 * @param variables what the build gets; encrypted on the disk
 */
record SessionRecord(
        String session,
        String owner,
        String mode,
        @Nullable String place,
        @Nullable String credential,
        String node,
        String home,
        String path,
        LoanStart start,
        boolean left,
        @Nullable Access access,
        List<String> secrets,
        Map<String, String> variables) {
    SessionRecord {
        secrets = List.copyOf(secrets);
        variables = Map.copyOf(variables);
    }

    SessionRecord startingFrom(LoanStart loan) {
        return with(owner, place, home, loan, left, access, secrets, variables);
    }

    /** With whether a refresh is under way on the agent. Means nothing where the home has the whole login. */
    SessionRecord refreshing(boolean now) {
        Access changed = access == null ? null : access.whileRefreshing(now);
        return with(owner, place, home, start, left, changed, secrets, variables);
    }

    SessionRecord withSecrets(List<String> all) {
        return with(owner, place, home, start, left, access, all, variables);
    }

    SessionRecord signedIn(String realHome, Map<String, String> given) {
        return with(owner, place, realHome, start, left, access, secrets, given);
    }

    /** As it is after a job was moved or renamed, whose builds have another name now. */
    SessionRecord jobMoved(String from, String to) {
        return with(BuildOwners.moved(owner, from, to), place, home, start, left, access, secrets, variables);
    }

    /** As it is after a folder was moved or renamed, whose accounts have another name now. */
    SessionRecord placeMoved(String from, String to) {
        return with(owner, from.equals(place) ? to : place, home, start, left, access, secrets, variables);
    }

    SessionRecord leftBehind() {
        return with(owner, place, home, start, true, access, secrets, variables);
    }

    /** With what can change while a session lasts. */
    private SessionRecord with(
            String newOwner,
            @Nullable String newPlace,
            String newHome,
            LoanStart newStart,
            boolean nowLeft,
            @Nullable Access nowAccess,
            List<String> newSecrets,
            Map<String, String> newVariables) {
        return new SessionRecord(
                session,
                newOwner,
                mode,
                newPlace,
                credential,
                node,
                newHome,
                path,
                newStart,
                nowLeft,
                nowAccess,
                newSecrets,
                newVariables);
    }

    /**
     * Where Codex works with the login, and where its newest state may be: the session's home, or another one that is
     * there for the time of a refresh only.
     */
    String loginHome() {
        return access == null ? home : home + ".refresh";
    }

    boolean isManaged() {
        return credential != null;
    }

    /** Whether others may have its login at the same time. */
    boolean isShared() {
        return access != null && access.shared();
    }

    /** Whether a refresh of a login that stays on the controller was begun of which is not known that it is stored. */
    boolean isRefreshing() {
        return access != null && access.refreshing();
    }

    /** Whether the newest state of its login may be on the agent alone, once it has ended without its home. */
    boolean mayHaveNewest() {
        return isManaged() && (access == null || isRefreshing());
    }

    boolean isOf(String otherPlace, String otherCredential) {
        return otherPlace.equals(place) && otherCredential.equals(credential);
    }

    @Override
    public String toString() {
        return "SessionRecord[" + session + ", " + owner + "]";
    }
}
