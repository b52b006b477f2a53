package io.github.codexauth.login;

import io.github.codexauth.SecretText;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.LeaseState;
import java.nio.file.Path;
import java.util.List;

/**
 * Events whose listener cannot break what it is told of: what it throws is dropped, since there is nobody left to tell.
 * Once a job has a login, saving the next state of it comes before everything else, also before a sentence that cannot
 * be printed.
 *
 * <p>Written out, since a dynamic proxy or a lambda for each would be felt at every start.
 */
final class UnfailingEvents implements LoginEvents {
    private final LoginEvents events;

    private UnfailingEvents(LoginEvents events) {
        this.events = events;
    }

    static LoginEvents of(LoginEvents events) {
        return events instanceof UnfailingEvents ? events : new UnfailingEvents(events);
    }

    @Override
    public void secrets(List<SecretText> secrets) {
        try {
            events.secrets(secrets);
        } catch (RuntimeException unheard) {
            // Dropped, as above.
        }
    }

    @Override
    public void seeded(Envelope stored) {
        try {
            events.seeded(stored);
        } catch (RuntimeException unheard) {
            // Dropped, as above.
        }
    }

    @Override
    public void seedIgnored(String reason) {
        try {
            events.seedIgnored(reason);
        } catch (RuntimeException unheard) {
            // Dropped, as above.
        }
    }

    @Override
    public void recovered(Envelope stored) {
        try {
            events.recovered(stored);
        } catch (RuntimeException unheard) {
            // Dropped, as above.
        }
    }

    @Override
    public void refilled(Envelope stored, String source) {
        try {
            events.refilled(stored, source);
        } catch (RuntimeException unheard) {
            // Dropped, as above.
        }
    }

    @Override
    public void saved(Envelope stored) {
        try {
            events.saved(stored);
        } catch (RuntimeException unheard) {
            // Dropped, as above.
        }
    }

    @Override
    public void savedLate(Envelope stored) {
        try {
            events.savedLate(stored);
        } catch (RuntimeException unheard) {
            // Dropped, as above.
        }
    }

    @Override
    public void lease(LeaseState state) {
        try {
            events.lease(state);
        } catch (RuntimeException unheard) {
            // Dropped, as above.
        }
    }

    @Override
    public void rejected(String reason) {
        try {
            events.rejected(reason);
        } catch (RuntimeException unheard) {
            // Dropped, as above.
        }
    }

    @Override
    public void saveFailed(String problem) {
        try {
            events.saveFailed(problem);
        } catch (RuntimeException unheard) {
            // Dropped, as above.
        }
    }

    @Override
    public void linkedAway(Path login) {
        try {
            events.linkedAway(login);
        } catch (RuntimeException unheard) {
            // Dropped, as above.
        }
    }

    @Override
    public void notNoted(String problem) {
        try {
            events.notNoted(problem);
        } catch (RuntimeException unheard) {
            // Dropped, as above.
        }
    }

    @Override
    public void rescued(Path copy, String reason) {
        try {
            events.rescued(copy, reason);
        } catch (RuntimeException unheard) {
            // Dropped, as above.
        }
    }

    @Override
    public void putAside(Envelope stray, String reason) {
        try {
            events.putAside(stray, reason);
        } catch (RuntimeException unheard) {
            // Dropped, as above.
        }
    }

    @Override
    public void stillAside(String name, String problem) {
        try {
            events.stillAside(name, problem);
        } catch (RuntimeException unheard) {
            // Dropped, as above.
        }
    }

    @Override
    public void awaitingRefresh() {
        try {
            events.awaitingRefresh();
        } catch (RuntimeException unheard) {
            // Dropped, as above.
        }
    }

    @Override
    public void strayProcessesEnded(int count) {
        try {
            events.strayProcessesEnded(count);
        } catch (RuntimeException unheard) {
            // Dropped, as above.
        }
    }

    @Override
    public void notWiped(Path left) {
        try {
            events.notWiped(left);
        } catch (RuntimeException unheard) {
            // Dropped, as above.
        }
    }
}
