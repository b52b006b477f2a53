package io.github.codexauth.stores.kubernetes;

/** The two kinds of objects that a store is made of. */
enum Resource {
    /** The records of a credential. */
    SECRETS("secrets", "", "v1", "Secret"),
    /** Who has a credential, and who waits. */
    LEASES("leases", "coordination.k8s.io", "coordination.k8s.io/v1", "Lease");

    private final String plural;
    private final String group;
    private final String version;
    private final String kind;

    Resource(String plural, String group, String version, String kind) {
        this.plural = plural;
        this.group = group;
        this.version = version;
        this.kind = kind;
    }

    /** As rules of roles name it. */
    String plural() {
        return plural;
    }

    /** The API group, as rules of roles name it; empty for the oldest. */
    String group() {
        return group;
    }

    /** For {@code apiVersion}. */
    String version() {
        return version;
    }

    String kind() {
        return kind;
    }

    /** Where those of a namespace are. */
    String path(String namespace) {
        return (group.isEmpty() ? "/api/" : "/apis/") + version + "/namespaces/" + namespace + "/" + plural;
    }
}
