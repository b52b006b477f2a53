package io.github.codexauth.stores.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.SecretText;
import io.github.codexauth.stores.PasswordSource;
import io.github.codexauth.stores.remote.Failure;
import io.github.codexauth.stores.remote.ServerJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Calls to one server, about the entries of one store. Safe for use by several threads. */
final class VaultServer {
    private static final String LOST_SWAP = "check-and-set parameter did not match the current version";

    private final VaultAddress address;
    private final Refusals refusals;
    private final Wire wire;
    private final Tokens tokens;

    /** @param given what is shown to the server, where it is no file */
    VaultServer(VaultAddress address, PasswordSource given) {
        this.address = address;
        this.refusals = new Refusals(address);
        this.wire = new Wire(address, refusals);
        this.tokens = tokens(new Shown(address.signIn().file(), given));
    }

    private Tokens tokens(Shown shown) {
        return address.signIn() instanceof SignIn.ByRole role
                ? new RoleToken(wire, refusals, role, shown)
                : new GivenToken(shown);
    }

    VaultAddress address() {
        return address;
    }

    Refusals refusals() {
        return refusals;
    }

    /** Where the content of an entry is, as policies name it. */
    String data(String entry) {
        return address.mount() + "/data/" + address.prefix() + "/" + entry;
    }

    /** Where the names of the entries of a folder are. */
    String names(String folder) {
        return address.mount() + "/metadata/" + address.prefix() + "/" + folder;
    }

    /** Where the settings of the mount are. */
    String settings() {
        return address.mount() + "/config";
    }

    /** The newest version of an entry that whoever answers knows; a standby may know an older one. */
    Answer read(String entry) throws Failure {
        Right right = Right.read(data(entry));
        return answer(call("GET", right.path(), Optional.empty()), right);
    }

    /** @param version that it replaces, also of one that was deleted; 0 for none */
    Answer write(String entry, long version, ObjectNode content) throws Failure {
        ObjectNode body = ServerJson.object();
        body.putObject("options").put("cas", version);
        body.set("data", content);
        Right right = Right.write(data(entry));
        return answer(call("POST", right.path(), Optional.of(body)), right);
    }

    /** The names of the entries of a folder, also of those whose last version was deleted. */
    List<String> list(String folder) throws Failure {
        Right right = Right.list(names(folder));
        Answer answer = answer(call("GET", right.path() + "/?list=true", Optional.empty()), right);
        List<String> names = new ArrayList<>();
        answer.body().at("/data/keys").forEach(name -> names.add(name.asText()));
        return names;
    }

    /** @throws Failure if logins would not be safe in the mount as it is */
    void requireSafe() throws Failure {
        Right right = Right.read(settings());
        Reply reply = call("GET", right.path(), Optional.empty());
        if (reply.isEmpty()) {
            throw refusals.notVersioned();
        }
        JsonNode settings = answer(reply, right).body().path("data");
        if (!settings.has("cas_required")) {
            throw refusals.notVersioned();
        }
        if (!settings.path("cas_required").asBoolean()) {
            throw refusals.casNotRequired();
        }
        if (settings.path("delete_version_after").asText("0s").matches("[1-9].*")) {
            throw refusals.deletes();
        }
    }

    /** What our token may do with a path, in the words of policies. */
    Set<String> capabilities(String path) throws Failure {
        ObjectNode body = ServerJson.object();
        body.putArray("paths").add(path);
        Right right = Right.write("sys/capabilities-self");
        Answer answer = answer(call("POST", right.path(), Optional.of(body)), right);
        Set<String> capabilities = new TreeSet<>();
        answer.body().path("data").path(path).forEach(capability -> capabilities.add(capability.asText()));
        return capabilities;
    }

    private Reply call(String method, String path, Optional<ObjectNode> body) throws Failure {
        SecretText ours = tokens.now();
        Reply reply = wire.send(method, path, body, Optional.of(ours));
        if (reply.status() != 401 && reply.status() != 403) {
            return reply;
        }
        Optional<SecretText> other = tokens.instead(ours);
        return other.isPresent() ? wire.send(method, path, body, other) : reply;
    }

    private Answer answer(Reply reply, Right right) throws Failure {
        if (reply.status() == 200) {
            if (!reply.body().path("data").isObject()) {
                throw refusals.notThere();
            }
            return new Answer(Answer.Outcome.DONE, reply.body(), at(reply));
        }
        boolean isDeleted = reply.status() == 404
                && reply.body().at("/data/metadata/version").isIntegralNumber();
        if (reply.isEmpty() || isDeleted) {
            return new Answer(Answer.Outcome.ABSENT, reply.body(), at(reply));
        }
        if (reply.status() == 400 && reply.says(LOST_SWAP)) {
            return new Answer(Answer.Outcome.CHANGED, reply.body(), at(reply));
        }
        boolean isOurs = reply.body().path("errors").isArray();
        throw reply.status() == 404 && !isOurs ? refusals.notThere() : refusals.answered(reply, right);
    }

    private Instant at(Reply reply) throws Failure {
        return reply.at().orElseThrow(refusals::notThere);
    }
}
