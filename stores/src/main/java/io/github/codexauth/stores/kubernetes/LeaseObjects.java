package io.github.codexauth.stores.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.Attempts;
import io.github.codexauth.stores.remote.Failure;
import io.github.codexauth.stores.remote.LeaseCells;
import io.github.codexauth.stores.remote.LeaseRecord;
import io.github.codexauth.stores.remote.SeenLease;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Who has which credential, as Leases. */
record LeaseObjects(Objects objects, Names names) implements LeaseCells {
    private static final String STORE = "store";
    private static final String ID = "id";

    LeaseObjects(ApiServer server) {
        this(new Objects(server), new Names(server.address().prefix()));
    }

    private ApiServer server() {
        return objects.server();
    }

    private ObjectNode labelled(Optional<ObjectNode> stored, CredentialId id) {
        ObjectNode object = stored.orElseGet(() -> server().object(Resource.LEASES, names.of(id)));
        Metadata.label(object, STORE, names.prefix());
        Metadata.label(object, ID, id.value());
        return object;
    }

    private static SeenLease seen(CredentialId id, JsonNode object, Instant now) {
        return new SeenLease(id, LeaseObject.read(object), Metadata.version(object), now);
    }

    private static SeenLease nobodys(CredentialId id, Instant now) {
        return new SeenLease(id, LeaseRecord.FRESH, "", now);
    }

    /** What an API server answers is the newest, so that every answer may rest on it. */
    @Override
    public <T> T changeOnce(CredentialId id, Judge<T> judge) throws Failure {
        return objects.changeOnce(Resource.LEASES, names.of(id), (stored, now) -> {
            Step<T> step =
                    judge.judge(stored.map(object -> seen(id, object, now)).orElseGet(() -> nobodys(id, now)));
            Optional<ObjectNode> next = step.write().map(lease -> {
                ObjectNode object = labelled(stored, id);
                LeaseObject.write(object, lease);
                return object;
            });
            return new Objects.Step<>(next, step.answer());
        });
    }

    /** Makes the empty object of a credential that nobody ever had. */
    void make(CredentialId id) throws StoreUnavailableException {
        objects.change(Resource.LEASES, names.of(id), (stored, now) -> {
            Optional<ObjectNode> known =
                    stored.filter(lease -> Metadata.label(lease, ID).isPresent());
            return known.isPresent() ? Objects.Step.leave(true) : Objects.Step.write(labelled(stored, id), true);
        });
    }

    /** Those of this store, with a login or without one, in no order. */
    List<CredentialId> all() throws StoreUnavailableException {
        return list(ID).seen().stream().map(SeenLease::id).toList();
    }

    /** Those with a login, in no order. */
    List<CredentialId> stored() throws StoreUnavailableException {
        return list(LeaseObject.LOGIN + "=" + LeaseObject.STORED).seen().stream()
                .map(SeenLease::id)
                .toList();
    }

    @Override
    public List<SeenLease> look(List<CredentialId> ids) throws StoreUnavailableException {
        if (ids.size() == 1) {
            return List.of(look(ids.get(0)));
        }
        String anyOf = ids.stream().map(CredentialId::value).collect(Collectors.joining(",", "(", ")"));
        Found found = list(ID + " in " + anyOf);
        Map<CredentialId, SeenLease> byId =
                found.seen().stream().collect(Collectors.toMap(SeenLease::id, Function.identity(), (one, same) -> one));
        return ids.stream()
                .map(id -> byId.getOrDefault(id, nobodys(id, found.at())))
                .toList();
    }

    private SeenLease look(CredentialId id) throws StoreUnavailableException {
        Answer answer = Attempts.repeat(() -> server().get(Resource.LEASES, names.of(id)));
        return answer.outcome() == Answer.Outcome.ABSENT
                ? nobodys(id, answer.at())
                : seen(id, answer.body(), answer.at());
    }

    /** What a list showed, and when. */
    private record Found(List<SeenLease> seen, Instant at) {}

    private Found list(String label) throws StoreUnavailableException {
        String labels = Metadata.DOMAIN + STORE + "=" + names.prefix() + "," + Metadata.DOMAIN + label;
        List<SeenLease> found = new ArrayList<>();
        Optional<String> next = Optional.empty();
        Instant at;
        do {
            Optional<String> page = next;
            ApiServer.Page answer = Attempts.repeat(() -> server().list(Resource.LEASES, labels, page));
            for (JsonNode item : answer.items()) {
                Metadata.label(item, ID)
                        .filter(CredentialId::isValid)
                        .ifPresent(id -> found.add(seen(new CredentialId(id), item, answer.at())));
            }
            at = answer.at();
            next = answer.next();
        } while (next.isPresent());
        return new Found(found, at);
    }
}
