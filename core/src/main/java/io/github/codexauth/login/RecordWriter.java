package io.github.codexauth.login;

import io.github.codexauth.AuthJson;
import io.github.codexauth.CredentialId;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Descent;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Health;
import io.github.codexauth.store.InvalidEncryptionKeyException;
import io.github.codexauth.store.Revision;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the records of one session, and opens those of others.
 *
 * @param writer the job, as people know it
 */
record RecordWriter(CredentialId id, AtRest atRest, String writer, SessionId session, Clock clock) {
    /** More than a credential is likely to be seeded in its life; the oldest are forgotten. */
    private static final int SEEDS_KEPT = 50;

    static RecordWriter of(CredentialId id, SessionId session, LoginSettings settings) {
        return new RecordWriter(id, settings.atRest(), settings.writer(), session, settings.clock());
    }

    /**
     * Opens a record.
     *
     * @throws CorruptRecordException if what is in it is no usable login
     */
    OpenRecord open(CredentialRecord record) throws InvalidEncryptionKeyException, CorruptRecordException {
        byte[] bytes = atRest.open(record);
        try {
            return new OpenRecord(record, AuthJson.parse(bytes, "the stored auth.json of '" + id + "'"));
        } catch (InvalidAuthJsonException e) {
            throw new CorruptRecordException(
                    e.problem(), "log in again and: codex-auth seed --replace --id " + id + " --seed-file auth.json");
        }
    }

    /** The first state of a credential. */
    OpenRecord first(Seed seed) {
        String token = seed.auth().refreshTokenFingerprint();
        return record(1, seed.auth(), List.of(token), Descent.first(token));
    }

    /** The state after Codex refreshed the login. */
    OpenRecord refreshed(OpenRecord current, AuthJson next) {
        return stillLimited(
                record(
                        current.envelope().generation() + 1,
                        next,
                        current.envelope().seeds(),
                        Descent.of(
                                next.refreshTokenFingerprint(), current.auth().refreshTokenFingerprint())),
                current);
    }

    /** A refresh, or another store, changes nothing about the account's usage. */
    private static OpenRecord stillLimited(OpenRecord next, OpenRecord before) {
        Health health = before.envelope().health().afterRefresh();
        return new OpenRecord(next.record().with(health), next.auth());
    }

    /** A state that has to take the place of one which it follows by more steps than one. */
    OpenRecord insteadOf(OpenRecord stored, OpenRecord ours) {
        return record(
                Math.max(stored.envelope().generation() + 1, ours.envelope().generation()),
                ours.auth(),
                stored.envelope().seeds(),
                Descent.of(ours.auth().refreshTokenFingerprint(), stored.auth().refreshTokenFingerprint()));
    }

    /**
     * A login as it goes into another store.
     *
     * @param there the generation that it replaces there; 0 for none
     */
    OpenRecord moved(OpenRecord login, long there) {
        Descent descent = login.envelope()
                .descent()
                .orElseGet(() -> Descent.first(login.auth().refreshTokenFingerprint()));
        long generation = Math.max(login.envelope().generation(), there + 1);
        return stillLimited(record(generation, login.auth(), login.envelope().seeds(), descent), login);
    }

    /** A login that a person put in the place of another. */
    OpenRecord put(Envelope current, AuthJson auth) {
        return record(current.generation() + 1, auth, current.seeds(), Descent.first(auth.refreshTokenFingerprint()));
    }

    /** The state after a human logged in anew. */
    OpenRecord reseeded(Envelope current, Seed seed) {
        List<String> seeds = new ArrayList<>(current.seeds());
        String token = seed.auth().refreshTokenFingerprint();
        seeds.add(token);
        return record(
                current.generation() + 1,
                seed.auth(),
                seeds.subList(Math.max(0, seeds.size() - SEEDS_KEPT), seeds.size()),
                Descent.first(token));
    }

    /** What is left of a login, for a store that has lost it; nothing is stored between the two. */
    OpenRecord refilled(Envelope left, AuthJson auth) {
        return record(
                left.generation() + 1,
                auth,
                left.seeds(),
                left.descent().orElseGet(() -> Descent.first(auth.refreshTokenFingerprint())));
    }

    /** A login whose place in the store is not known any more: the one that would have followed {@code start}. */
    OpenRecord stray(LoanStart start, AuthJson auth) {
        String token = auth.refreshTokenFingerprint();
        return record(
                Math.max(0, start.revision().generation()) + 1,
                auth,
                List.of(),
                start.refreshToken().isEmpty() || start.refreshToken().equals(token)
                        ? Descent.first(token)
                        : Descent.of(token, start.refreshToken()));
    }

    /** A login that must not take the stored one's place, also one that we do not understand. */
    CredentialRecord stray(Revision startedFrom, Candidate.Stray stray) {
        long generation = Math.max(0, startedFrom.generation()) + 1;
        if (stray.auth().isPresent()) {
            AuthJson auth = stray.auth().get();
            return record(generation, auth, List.of(), Descent.first(auth.refreshTokenFingerprint()))
                    .record();
        }
        Instant now = now();
        Envelope envelope = new Envelope(
                id,
                generation,
                now,
                writer,
                session.value(),
                "unknown",
                Optional.empty(),
                now,
                Optional.empty(),
                List.of());
        return atRest.seal(envelope, stray.bytes());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private OpenRecord record(long generation, AuthJson auth, List<String> seeds, Descent descent) {
        Envelope envelope = new Envelope(
                        id,
                        generation,
                        now(),
                        writer,
                        session.value(),
                        auth.account().fingerprint(),
                        auth.plan(),
                        auth.lastRefresh(),
                        auth.expiresAt(),
                        seeds)
                .with(descent);
        return new OpenRecord(atRest.seal(envelope, auth.bytes()), auth);
    }
}
