package io.github.codexauth.login;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.StrayRecord;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Moves the logins that one session has left, and that no store takes, to the rescue area. Nothing takes the stored
 * login's place, so no lease is needed.
 */
public final class Salvage {
    private final RecordWriter writer;
    private final LoginSettings settings;

    /** @param session the one that the logins come from, so that no other session's copy gives way to them */
    public Salvage(CredentialId id, SessionId session, LoginSettings settings) {
        this(RecordWriter.of(id, session, settings), settings);
    }

    Salvage(RecordWriter writer, LoginSettings settings) {
        this.writer = writer;
        this.settings = settings;
    }

    /**
     * Keeps all that a home has. The newest login waits to be taken up, should it turn out to be the next state of what
     * is stored, and lies in the store as well if it is a new state; the others are for a person to decide.
     *
     * @param start what the session began with
     * @param files what is in its home
     * @param reason why the store does not take them, for people
     * @return false if one could not be kept, so that the home has to stay
     */
    public boolean everything(LoanStart start, List<byte[]> files, String reason) {
        Optional<AuthJson> newest = Findings.newest(files, Lineage.tomorrow(settings.clock()));
        if (newest.isPresent()) {
            settings.events().secrets(newest.get().secrets());
            String token = newest.get().refreshTokenFingerprint();
            CredentialRecord next = writer.stray(start, newest.get()).record();
            try {
                if (token.equals(start.refreshToken())) {
                    settings.events().rescued(settings.rescue().keep(next), reason);
                } else {
                    settings.rescue().keepTwice(new StrayRecord(token, reason, next), settings.events());
                }
            } catch (IOException e) {
                settings.events().saveFailed("no rescue copy: " + e);
                return false;
            }
        }
        return aside(start.revision(), Findings.besides(newest, files, reason));
    }

    /**
     * Keeps logins that must not take the stored one's place, for a person to decide.
     *
     * @param startedFrom what the session that they come from began with
     * @return false if one could not be kept, so that it has to stay where it is
     */
    boolean aside(Revision startedFrom, List<Candidate.Stray> strays) {
        boolean all = true;
        for (Candidate.Stray stray : strays) {
            settings.events().secrets(stray.secrets());
            try {
                settings.rescue()
                        .keepAside(
                                new StrayRecord(
                                        stray.refreshToken().fingerprint(),
                                        stray.reason(),
                                        writer.stray(startedFrom, stray)),
                                settings.events());
            } catch (IOException e) {
                settings.events().saveFailed(stray.reason() + "; and no rescue copy either: " + e);
                all = false;
            }
        }
        return all;
    }
}
