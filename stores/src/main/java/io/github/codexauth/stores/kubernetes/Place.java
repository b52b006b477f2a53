package io.github.codexauth.stores.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.UsageException;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.stores.PreparedStore.Weakness;
import io.github.codexauth.stores.kubernetes.Objects.Step;
import io.github.codexauth.stores.remote.Attempts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What an operator makes in a namespace before runners come, so that these need not be allowed to make anything. */
record Place(ApiServer server) {
    private static final String USUAL_ACCOUNT = "codex-auth-runner";

    /**
     * Makes empty objects where there are none.
     *
     * @param ids besides those that are there
     * @return the role that runners need for all of them
     * @throws UsageException if there is no credential at all, or the account's name is none
     */
    List<String> prepare(Optional<String> account, List<CredentialId> ids) throws StoreException, UsageException {
        String name = account.orElse(USUAL_ACCOUNT);
        if (!name.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
            throw new UsageException(
                    "--runner-role names no service account of Kubernetes",
                    "name it as it is there: --runner-role " + USUAL_ACCOUNT);
        }
        LeaseObjects leases = new LeaseObjects(server);
        List<CredentialId> all = Stream.concat(ids.stream(), leases.all().stream())
                .distinct()
                .sorted(Comparator.comparing(CredentialId::value))
                .toList();
        if (all.isEmpty()) {
            throw new UsageException(
                    "nobody said which credentials runners may use in " + server.address(),
                    "name one: codex-auth store init --store … --id codex-ci; repeat it for another");
        }
        make(leases.objects(), leases.names().line());
        make(leases.objects(), leases.names().bell());
        for (CredentialId id : ids) {
            leases.make(id);
            new LoginSecrets(server, leases).make(id);
        }
        return new RunnerRole(server.address().namespace(), leases.names(), name, all).lines();
    }

    private void make(Objects objects, String name) throws StoreException {
        objects.change(Resource.LEASES, name, (stored, now) -> {
            Optional<ObjectNode> missing =
                    stored.isPresent() ? Optional.empty() : Optional.of(server.object(Resource.LEASES, name));
            return new Step<>(missing, true);
        });
    }

    /** What our rights leave out that would make it faster, and what they have too much of. */
    List<Weakness> weaknesses() throws StoreException {
        List<Weakness> found = new ArrayList<>();
        Right watch = Right.watch(Resource.LEASES, new Names(server.address().prefix()).bell());
        if (!Attempts.repeat(() -> server.may(watch))) {
            found.add(new Weakness(
                    "the service account lacks the right " + watch
                            + ": jobs that wait look now and then, and are not woken",
                    "print the role that runners need: codex-auth store init --store …"));
        }
        Right everything = Right.list(Resource.SECRETS);
        if (Attempts.repeat(() -> server.may(everything))) {
            found.add(new Weakness(
                    "the service account may read every Secret in namespace '"
                            + server.address().namespace() + "'",
                    "give it the role that runners need, and no other: codex-auth store init --store …"));
        }
        return found;
    }
}
