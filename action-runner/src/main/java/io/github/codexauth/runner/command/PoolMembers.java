package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.login.LoginNeededException;
import io.github.codexauth.runner.console.Messages;
import io.github.codexauth.store.CorruptRecordException;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.Envelope;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which logins of a pool a job would start from. One that needs a new login is passed over, and so is one whose account
 * has reached its usage limit; each is said.
 */
final class PoolMembers {
    private final CredentialStore store;
    private final Clock clock;
    private final Messages messages;

    PoolMembers(CredentialStore store, Clock clock, Messages messages) {
        this.store = store;
        this.clock = clock;
        this.messages = messages;
    }

    private record Member(CredentialId id, Instant expiresAt, Optional<Instant> limitedUntil) {}

    /**
     * The logins that serve a job best, the one first whose access token lasts longest.
     *
     * @param ids at least one
     * @return at least one: where all have reached their limit, all of those, the one first whose limit ends first;
     *     where all need a new login, all of them, so that whoever takes one says so
     */
    List<CredentialId> preferred(List<CredentialId> ids) throws CodexAuthException {
        List<Member> free = new ArrayList<>();
        List<Member> limited = new ArrayList<>();
        for (CredentialId id : ids) {
            Optional<Member> member = member(id);
            member.ifPresent(alive -> (alive.limitedUntil().isPresent() ? limited : free).add(alive));
        }
        if (free.isEmpty() && limited.isEmpty()) {
            return ids;
        }
        if (free.isEmpty()) {
            limited.sort(Comparator.comparing(member -> member.limitedUntil().orElse(Instant.MIN)));
            return limited.stream().map(Member::id).toList();
        }
        for (Member member : limited) {
            messages.warn("the account of '" + member.id() + "' has reached its usage limit until "
                    + member.limitedUntil().orElse(Instant.MIN).truncatedTo(ChronoUnit.MINUTES)
                    + "; it is passed over");
        }
        free.sort(Comparator.comparing(Member::expiresAt).reversed());
        return free.stream().map(Member::id).toList();
    }

    /** Empty for one that needs a new login. */
    private Optional<Member> member(CredentialId id) throws CodexAuthException {
        Optional<Envelope> stored;
        try {
            stored = store.peek(id);
        } catch (CorruptRecordException whoeverTakesItIsTold) {
            return Optional.of(new Member(id, Instant.MIN, Optional.empty()));
        }
        if (stored.flatMap(Envelope::needsLogin).isPresent()) {
            messages.warn(
                    LoginNeededException.describe(id, stored.get().needsLogin().get()) + "; it is passed over");
            return Optional.empty();
        }
        return Optional.of(new Member(
                id,
                stored.flatMap(Envelope::expiresAt).orElse(Instant.MIN),
                stored.flatMap(envelope -> envelope.health().usageLimitUntil())
                        .filter(end -> end.isAfter(clock.instant()))));
    }
}
