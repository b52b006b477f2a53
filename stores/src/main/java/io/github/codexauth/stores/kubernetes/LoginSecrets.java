package io.github.codexauth.stores.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.Attempts;
import io.github.codexauth.stores.remote.Failure;
import io.github.codexauth.stores.remote.LoginCells;
import io.github.codexauth.stores.remote.LoginFields;
import io.github.codexauth.stores.remote.LoginRecords;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/**
 * Logins as Secrets, each with the one before it. One that an operator made empty is as good as none.
 *
 * @param leases know which there are, since a runner may not list Secrets
 */
record LoginSecrets(ApiServer server, LeaseObjects leases) implements LoginCells {
    /** A type that nobody takes for a password or a file to mount. */
    static final String TYPE = Metadata.DOMAIN + "login";

    /** A Secret has 1 MiB, for this one, the one before it, one that was damaged, and what lies beside them. */
    private static final int LONGEST = 270 * 1024;

    private static final LoginFields FIELDS = new LoginFields(
            bytes -> Base64.getEncoder().encodeToString(bytes),
            text -> Base64.getMimeDecoder().decode(text));

    /** A Secret as the server keeps it. */
    private record Read(ApiServer server, CredentialId id, ObjectNode object) implements Seen {
        @Override
        public LoginRecords records() {
            return FIELDS.in(object.path("data"), server.address().toString(), id);
        }

        @Override
        public boolean replace(LoginRecords next) throws Failure {
            next.requireShort(LONGEST, "a Secret");
            ObjectNode changed = object.deepCopy();
            FIELDS.put(next, changed.withObject("/data"));
            return write(changed);
        }

        private boolean isNew() {
            return Metadata.version(object).isEmpty();
        }

        private boolean write(ObjectNode next) throws Failure {
            Answer answer = isNew() ? server.create(Resource.SECRETS, next) : server.replace(Resource.SECRETS, next);
            return answer.outcome() == Answer.Outcome.DONE;
        }

        /** The server judges everything about the write of something as long as a login, and writes nothing. */
        @Override
        public void pretend() throws Failure {
            ObjectNode filled = object.deepCopy();
            filled.withObject("/data").put(LoginFields.CURRENT, FIELDS.text().apply(new byte[16 * 1024]));
            server.pretend(Resource.SECRETS, filled);
        }
    }

    @Override
    public List<CredentialId> list() throws StoreException {
        return leases.stored().stream()
                .sorted(Comparator.comparing(CredentialId::value))
                .toList();
    }

    @Override
    public Seen look(CredentialId id) throws Failure {
        return read(id);
    }

    /** What an API server answers is the newest. */
    @Override
    public Seen newest(CredentialId id) throws Failure {
        return read(id);
    }

    private Read read(CredentialId id) throws Failure {
        Answer answer = server.get(Resource.SECRETS, leases.names().of(id));
        return new Read(server, id, answer.outcome() == Answer.Outcome.ABSENT ? fresh(id) : answer.body());
    }

    private ObjectNode fresh(CredentialId id) {
        ObjectNode object =
                server.object(Resource.SECRETS, leases.names().of(id)).put("type", TYPE);
        Metadata.label(object, "store", server.address().prefix());
        Metadata.label(object, "id", id.value());
        return object;
    }

    /** Makes an empty one if there is none. */
    void make(CredentialId id) throws StoreUnavailableException {
        Read stored = Attempts.repeat(() -> read(id));
        if (stored.isNew()) {
            Attempts.repeat(() -> stored.write(stored.object()));
        }
    }
}
