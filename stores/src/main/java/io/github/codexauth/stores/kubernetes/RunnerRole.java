package io.github.codexauth.stores.kubernetes;

import io.github.codexauth.CredentialId;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rights that a runner needs, and no more, as a manifest. Everything that can be restricted to names is.
 *
 * @param account the runners' service account
 * @param ids the credentials that they may use
 */
record RunnerRole(String namespace, Names names, String account, List<CredentialId> ids) {
    List<String> lines() {
        List<String> ours = ids.stream().map(names::of).toList();
        List<String> leases = Stream.concat(ours.stream(), Stream.of(names.line(), names.bell()))
                .toList();
        return Stream.of(
                        role(),
                        rule(Resource.SECRETS, ours, "get, update"),
                        rule(Resource.LEASES, leases, "get, update"),
                        rule(Resource.LEASES, List.of(names.bell()), "watch"),
                        rule(Resource.LEASES, List.of(), "list"),
                        binding())
                .flatMap(List::stream)
                .toList();
    }

    private List<String> role() {
        return List.of(
                "apiVersion: rbac.authorization.k8s.io/v1",
                "kind: Role",
                "metadata: {name: " + account + "-codex-auth, namespace: " + namespace + "}",
                "rules:");
    }

    private static List<String> rule(Resource resource, List<String> objects, String verbs) {
        String quoted = objects.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
        return Stream.of(
                        "  - apiGroups: [\"" + resource.group() + "\"]",
                        "    resources: [" + resource.plural() + "]",
                        objects.isEmpty() ? "" : "    resourceNames: [" + quoted + "]",
                        "    verbs: [" + verbs + "]")
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private List<String> binding() {
        return List.of(
                "---",
                "apiVersion: rbac.authorization.k8s.io/v1",
                "kind: RoleBinding",
                "metadata: {name: " + account + "-codex-auth, namespace: " + namespace + "}",
                "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: " + account + "-codex-auth}",
                "subjects:",
                "  - {kind: ServiceAccount, name: " + account + ", namespace: " + namespace + "}");
    }
}
