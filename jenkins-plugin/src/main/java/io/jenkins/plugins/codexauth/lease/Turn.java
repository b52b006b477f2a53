package io.jenkins.plugins.codexauth.lease;

import io.github.codexauth.store.Holder;

/**
 * A claim on a login, while it waits and when it is granted.
 *
 * @param ticket a random name of this turn
 * @param owner whose end ends the turn, see {@link Owners}
 * @param holder the build as the next in line is told
 */
public record Turn(String ticket, String owner, Holder holder) {
    Turn of(String newOwner) {
        return new Turn(ticket, newOwner, holder);
    }
}
