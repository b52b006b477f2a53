package io.github.codexauth.stores.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.Failure;
import io.github.codexauth.stores.remote.LeaseCells;
import io.github.codexauth.stores.remote.LeaseRecord;
import io.github.codexauth.stores.remote.SeenLease;
import io.github.codexauth.stores.remote.ServerJson;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who has which credential, as entries. */
record LeaseEntries(Entries entries) implements LeaseCells {
    /** Beside the logins, so that renewals do not push old logins out of the versions that are kept. */
    static final String FOLDER = "leases";

    private static String name(CredentialId id) {
        return FOLDER + "/" + id;
    }

    private static SeenLease seen(CredentialId id, Entry entry) {
        LeaseRecord lease = entry.content().map(LeaseEntries::read).orElse(LeaseRecord.FRESH);
        return new SeenLease(id, lease, Long.toString(entry.version()), entry.at());
    }

    /** An answer that must not rest on an old entry has it written once more, as it is. */
    @Override
    public <T> T changeOnce(CredentialId id, Judge<T> judge) throws Failure {
        return entries.changeOnce(name(id), read -> {
            SeenLease seen = seen(id, read);
            Step<T> step = judge.judge(seen);
            return step.mayBeOld()
                    ? Entries.Step.leave(step.answer())
                    : Entries.Step.write(content(step.write().orElse(seen.lease())), step.answer());
        });
    }

    @Override
    public List<SeenLease> look(List<CredentialId> ids) throws StoreUnavailableException {
        List<SeenLease> seen = new ArrayList<>();
        for (CredentialId id : ids) {
            seen.add(seen(id, entries.read(name(id))));
        }
        return seen;
    }

    private static LeaseRecord read(ObjectNode content) {
        return new LeaseRecord(
                text(content, "owner"),
                text(content, "claim"),
                content.path("epoch").asLong(),
                new Holder(
                        text(content, "holder").orElse(LeaseRecord.NOBODY.description()),
                        time(content, "since").orElse(LeaseRecord.NOBODY.since())),
                time(content, "renewed").orElse(Instant.EPOCH),
                Duration.ofSeconds(content.path("seconds").asLong()),
                time(content, "expires"),
                content.path("stored").asBoolean());
    }

    private static Optional<String> text(ObjectNode content, String field) {
        return Optional.ofNullable(content.path(field).textValue());
    }

    private static Optional<Instant> time(ObjectNode content, String field) {
        try {
            return text(content, field).map(Instant::parse);
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    private static ObjectNode content(LeaseRecord lease) {
        ObjectNode content = ServerJson.object();
        lease.owner().ifPresent(word -> content.put("owner", word));
        lease.claim().ifPresent(hash -> content.put("claim", hash));
        if (lease.owner().isPresent() || lease.claim().isPresent()) {
            content.put("holder", lease.holder().description())
                    .put("since", lease.holder().since().toString());
        }
        content.put("epoch", lease.epoch())
                .put("renewed", lease.renewed().toString())
                .put("seconds", lease.lasts().toSeconds());
        lease.expires().ifPresent(instant -> content.put("expires", instant.toString()));
        return content.put("stored", lease.isStored());
    }
}
