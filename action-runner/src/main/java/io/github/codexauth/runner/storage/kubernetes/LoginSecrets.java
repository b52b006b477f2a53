package io.github.codexauth.runner.storage.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.runner.storage.remote.Attempts;
import io.github.codexauth.runner.storage.remote.Failure;
import io.github.codexauth.store.StoreUnavailableException;

/** The Secret of one credential, at the server. */
record LoginSecrets(ApiServer server, CredentialId id) {
    /** The Secret; an empty one if there is none. */
    LoginSecret read() throws StoreUnavailableException {
        return Attempts.repeat(this::readOnce);
    }

    LoginSecret readOnce() throws Failure {
        Answer answer = server.get(Resource.SECRETS, name());
        return secret(answer.outcome() == Answer.Outcome.ABSENT ? fresh() : answer.body());
    }

    private LoginSecret secret(ObjectNode object) {
        return new LoginSecret(server.address().toString(), id, object);
    }

    private ObjectNode fresh() {
        ObjectNode object = server.object(Resource.SECRETS, name()).put("type", LoginSecret.TYPE);
        Metadata.label(object, "store", server.address().prefix());
        Metadata.label(object, "id", id.value());
        return object;
    }

    private String name() {
        return new Names(server.address().prefix()).of(id);
    }

    /** Makes an empty one if there is none. */
    void make() throws StoreUnavailableException {
        LoginSecret stored = read();
        if (Metadata.version(stored.object()).isEmpty()) {
            Attempts.repeat(() -> writeOnce(stored));
        }
    }

    /** @return whether it was put in the place of what it was made from */
    boolean writeOnce(LoginSecret next) throws Failure {
        boolean isNew = Metadata.version(next.object()).isEmpty();
        Answer answer = isNew
                ? server.create(Resource.SECRETS, next.object())
                : server.replace(Resource.SECRETS, next.object());
        return answer.outcome() == Answer.Outcome.DONE;
    }

    /** Has everything about a write judged, and nothing written. */
    void pretend(LoginSecret next) throws StoreUnavailableException {
        Attempts.repeat(() -> server.pretend(Resource.SECRETS, next.object()));
    }
}
