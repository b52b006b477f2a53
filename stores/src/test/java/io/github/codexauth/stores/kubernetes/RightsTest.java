package io.github.codexauth.stores.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.UsageException;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.store.StrayRecord;
import io.github.codexauth.stores.PreparedStore.Weakness;
import io.github.codexauth.testing.RealKubernetes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The role that {@code store init} prints: enough for a runner, and nothing of it too much. */
class RightsTest {
    private static final CredentialId ID = new CredentialId("codex-ci");
    private static final Holder JOB = new Holder("a job", Instant.parse("2026-03-01T10:02:11Z"));
    private static final Holder NEXT = new Holder("the next job", Instant.parse("2026-03-01T10:03:11Z"));

    private RealKubernetes cluster;
    private String namespace;
    private List<String> printed;

    @BeforeEach
    void prepare() throws Exception {
        cluster = RealKubernetes.shared();
        namespace = cluster.namespace();
        cluster.serviceAccount(namespace, "operator");
        cluster.allowAll(namespace);
        printed = new Place(OnKubernetes.server(cluster, namespace, cluster.port()))
                .prepare(Optional.of("runner"), List.of(ID));
        cluster.delete(role("runner"));
        Manifests.parse(String.join("\n", printed)).applyTo(cluster);
    }

    private String role(String name) {
        return "/apis/rbac.authorization.k8s.io/v1/namespaces/" + namespace + "/roles/" + name;
    }

    private KubernetesStore store() {
        return OnKubernetes.store(cluster, namespace);
    }

    /** All that jobs do, one with a login and one that waits for it. */
    private void work() throws Exception {
        store().list();
        store().peek(ID);
        store().occupancy(ID);
        try (Lease lease = store().acquire(ID, JOB, Duration.ZERO, busy -> {})) {
            Revision before = Revision.of(lease.load());
            lease.proveWritable();
            CredentialRecord next = Records.generation(ID, before.generation() + 1);
            lease.save(before, next);
            StrayRecord stray = new StrayRecord("00000000000a", "a test", Records.attempt(ID, 7, 1));
            store().putAside(stray);
            assertThat(store().aside(ID)).containsExactly(stray);
            store().removeAside(stray);
            waitInVain();
        }
    }

    private void waitInVain() throws Exception {
        try (Lease lease = store().acquire(ID, NEXT, Duration.ofMillis(1500), busy -> {})) {
            throw new AssertionError("two have " + lease.id());
        } catch (CredentialBusyException expected) {
            assertThat(expected.problem()).contains("a job");
        }
    }

    @Test
    void areEnoughForEverythingThatJobsDo() {
        assertThatNoException().isThrownBy(this::work);
    }

    @ParameterizedTest
    @CsvSource({
        "secrets, codex-auth.codex-ci, get",
        "secrets, codex-auth.codex-ci, update",
        "leases, codex-auth.codex-ci, get",
        "leases, codex-auth.codex-ci, update",
        "leases, codex-auth--line, get",
        "leases, codex-auth--line, update",
        "leases, , list"
    })
    void areToldByNameWhereOneIsMissing(String resource, String name, String verb) {
        withdraw(resource, name, verb);

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(this::work)
                .satisfies(e -> {
                    assertThat(e.problem())
                            .isEqualTo("the service account lacks the right " + verb + " on " + resource
                                    + (name == null ? "" : " '" + name + "'") + " in namespace '" + namespace + "'");
                    assertThat(e.hint()).contains("codex-auth store init");
                });
    }

    /** Rewrites the role as single rules, all but one. */
    private void withdraw(String resource, String name, String verb) {
        JsonNode role = cluster.get(role("runner-codex-auth"));
        ArrayNode rules = new JsonMapper().createArrayNode();
        boolean found = false;
        for (JsonNode rule : role.path("rules")) {
            List<String> names = new ArrayList<>();
            rule.path("resourceNames").forEach(one -> names.add(one.asText()));
            for (JsonNode one : rule.path("verbs")) {
                for (String object : names.isEmpty() ? java.util.Collections.<String>singletonList(null) : names) {
                    boolean withdrawn = rule.at("/resources/0").asText().equals(resource)
                            && one.asText().equals(verb)
                            && java.util.Objects.equals(object, name);
                    found |= withdrawn;
                    if (!withdrawn) {
                        ObjectNode single = rules.addObject();
                        single.set("apiGroups", rule.path("apiGroups"));
                        single.set("resources", rule.path("resources"));
                        single.putArray("verbs").add(one);
                        if (object != null) {
                            single.putArray("resourceNames").add(object);
                        }
                    }
                }
            }
        }
        assertThat(found).as("the right to withdraw").isTrue();
        ((ObjectNode) role).set("rules", rules);
        cluster.put(role("runner-codex-auth"), role);
    }

    @Test
    void withoutTheBellThoseWhoWaitLookNowAndThenAndDoctorSaysSo() throws Exception {
        withdraw("leases", "codex-auth--bell", "watch");
        Lease lease = store().acquire(ID, JOB, Duration.ZERO, busy -> {});
        Thread release = new Thread(lease::close);

        store().acquire(ID, NEXT, Duration.ofMinutes(1), busy -> release.start())
                .close();

        assertThat(new Place(OnKubernetes.server(cluster, namespace, cluster.port())).weaknesses())
                .extracting(Weakness::what)
                .singleElement()
                .asString()
                .contains("lacks the right watch on leases 'codex-auth--bell'");
    }

    @Test
    void reachNoOtherCredentialAndMakeNothing() {
        CredentialId other = new CredentialId("other");

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> store().peek(other))
                .satisfies(e -> assertThat(e.problem()).contains("get on secrets 'codex-auth.other'"));
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> store().acquire(other, JOB, Duration.ZERO, busy -> {}))
                .satisfies(e -> assertThat(e.problem()).contains("get on leases 'codex-auth.other'"));
        cluster.delete(RealKubernetes.leases(namespace) + "/codex-auth.codex-ci");
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> store().acquire(ID, JOB, Duration.ZERO, busy -> {}))
                .satisfies(e -> assertThat(e.problem()).contains("create on leases in namespace"));
    }

    @Test
    void thatAreTooWideDoctorTells() throws Exception {
        assertThat(new Place(OnKubernetes.server(cluster, namespace, cluster.port())).weaknesses())
                .isEmpty();
        cluster.allow(namespace, "[{\"apiGroups\":[\"\"],\"resources\":[\"secrets\"],\"verbs\":[\"list\"]}]");

        assertThat(new Place(OnKubernetes.server(cluster, namespace, cluster.port())).weaknesses())
                .extracting(Weakness::what)
                .containsExactly("the service account may read every Secret in namespace '" + namespace + "'");
    }

    @Test
    void preparingAgainChangesNothingAndNamesWhatIsThere() throws Exception {
        work();
        cluster.allowAll(namespace);
        CredentialId other = new CredentialId("team_a");
        Place place = new Place(OnKubernetes.server(cluster, namespace, cluster.port()));

        assertThat(place.prepare(Optional.of("runner"), List.of(ID))).isEqualTo(printed);
        assertThat(place.prepare(Optional.of("runner"), List.of(other)))
                .anyMatch(line -> line.contains("\"codex-auth.codex-ci\", \"codex-auth.x--7465616d5f61\""));

        assertThat(store().peek(ID)).isPresent();
        assertThat(store().list()).containsExactly(ID);
    }

    @Test
    void areAskedForWhereNoCredentialIsNamed() {
        String empty = cluster.namespace();
        cluster.allowAll(empty);
        Place place = new Place(OnKubernetes.server(cluster, empty, cluster.port()));

        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> place.prepare(Optional.empty(), List.of()))
                .satisfies(e -> assertThat(e.hint()).contains("--id codex-ci"));
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> place.prepare(Optional.of("x\nkind: ClusterRole"), List.of(ID)));
    }

    @Test
    void inANamespaceThatIsMissingTheNamespaceIsNamed() {
        Place place = new Place(new ApiServer(
                OnKubernetes.address(cluster, "no-such-namespace", cluster.port()),
                new Token(Optional.empty(), OnKubernetes.token("admins-secret"))));

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> place.prepare(Optional.empty(), List.of(ID)))
                .satisfies(e -> assertThat(e.hint()).contains("kubectl create namespace no-such-namespace"));
    }
}
