package io.github.codexauth.stores.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.PasswordSource;
import io.github.codexauth.stores.remote.LeaseTimes;
import io.github.codexauth.stores.vault.VaultStandIn.Call;
import io.github.codexauth.stores.vault.VaultStandIn.Fault;
import io.github.codexauth.testing.OwnAuthority;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the store makes of answers that refuse, or come from elsewhere: what may have been done is read back, and
 * nothing is repeated to the user.
 */
class ServerAnswersTest {
    private static final CredentialId ID = new CredentialId("codex-ci");
    private static final Holder JOB = new Holder("a job", Instant.parse("2026-03-01T10:02:11Z"));
    private static final String SEALED = "{\"errors\":[\"Vault is sealed\"]}";

    private final VaultStandIn server = VaultStandIn.start();

    @AfterEach
    void stopServer() {
        server.close();
    }

    private Lease acquire() throws Exception {
        return acquire(server.port());
    }

    private static Lease acquire(int port) throws Exception {
        // A standby may still say that somebody has it.
        return OnVault.store(port).acquire(ID, JOB, Duration.ofMinutes(1), busy -> {});
    }

    @ParameterizedTest
    @ValueSource(ints = {412, 429, 472, 473, 500, 502, 503, 504})
    void aSaveThatIsAnsweredSoIsStoredWhetherOrNotItArrived(int status) throws Exception {
        CredentialRecord first = Records.generation(ID, 1);
        CredentialRecord second = Records.generation(ID, 2);
        CredentialRecord third = Records.generation(ID, 3);
        try (Lease lease = acquire()) {
            lease.save(Revision.NONE, first);

            server.fail(1, Call::isSave, Fault.before(status));
            assertThat(lease.save(Revision.of(first), second)).isEqualTo(SaveResult.SAVED);

            server.fail(1, Call::isSave, Fault.after(status));
            assertThat(lease.save(Revision.of(second), third)).isEqualTo(SaveResult.SAVED);
            assertThat(lease.load()).contains(third);
            assertThat(lease.loadPrevious())
                    .as("what has arrived is not sent again")
                    .contains(second);
        }
    }

    @Test
    void aServerThatIsSealedForAMomentCostsNothing() throws Exception {
        try (Lease lease = acquire()) {
            server.fail(2, Call::isSave, new Fault(503, Map.of(), SEALED, false));

            assertThat(lease.save(Revision.NONE, Records.generation(ID, 1))).isEqualTo(SaveResult.SAVED);
        }
    }

    @Test
    void aServerThatStaysSealedIsToldAsOne() {
        server.fail(Integer.MAX_VALUE, call -> true, new Fault(503, Map.of(), SEALED, false));

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(this::acquire)
                .satisfies(e -> assertThat(e.problem()).endsWith(" is sealed"));
    }

    @Test
    void aServerWhoseQuotaIsUsedUpIsLeftAloneForAsLongAsItSays() throws Exception {
        server.fail(
                1, call -> call.path().contains("/leases/"), new Fault(429, Map.of("Retry-After", "1"), "{}", false));
        long before = System.nanoTime();

        acquire().close();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 403, 404, 405, 413, 418})
    void aRefusalIsToldAtOnceInOurOwnWords(int status) {
        server.fail(Integer.MAX_VALUE, call -> true, Fault.before(status));

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(this::acquire)
                .satisfies(e -> assertThat(e.problem() + e.hint() + e.getCause())
                        .doesNotContain("quotes-a-secret")
                        .doesNotContain(VaultStandIn.ROOT));

        assertThat(server.calls()).hasSize(1);
    }

    @Test
    void aServerThatIsNoVaultIsNotTakenForAnEmptyStore() {
        for (String body : new String[] {"", "<html>sign in</html>", "[]", "{}"}) {
            for (int status : new int[] {200, 404}) {
                server.fail(Integer.MAX_VALUE, call -> true, new Fault(status, Map.of(), body, false));

                assertThatExceptionOfType(StoreUnavailableException.class)
                        .isThrownBy(() -> OnVault.store(server.port()).peek(ID))
                        .satisfies(e -> assertThat(e.problem()).endsWith("is neither Vault nor OpenBao"));
            }
        }
    }

    @Test
    void anAnswerWithoutEndIsNotReadToItsEnd() {
        String endless = "{\"data\":\"" + "x".repeat(5 * 1024 * 1024) + "\"}";
        server.fail(Integer.MAX_VALUE, call -> true, new Fault(200, Map.of(), endless, false));

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> OnVault.store(server.port()).peek(ID));
    }

    @Test
    void aMountThatIsStillBeingUpgradedIsWaitedFor() throws Exception {
        String upgrading =
                "{\"errors\":[\"Upgrading from non-versioned to versioned data. This backend will be unavailable"
                        + " for a brief period and will resume service shortly.\"]}";
        server.fail(2, call -> true, new Fault(400, Map.of(), upgrading, false));

        acquire().close();
    }

    @Test
    void aStandbyThatRedirectsLeadsToTheActiveOneWithEverythingThatWasSent() throws Exception {
        int standby = server.redirectingStandby();
        CredentialRecord first = Records.generation(ID, 1);
        try (Lease lease = acquire(standby)) {
            assertThat(lease.save(Revision.NONE, first)).isEqualTo(SaveResult.SAVED);
        }

        assertThat(OnVault.store(server.port()).peek(ID)).contains(first.envelope());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://vault.example.com:8200/v1/kv/data/codex-auth/logins/codex-ci",
                "https://127.0.0.1:1/v1/sys/policies/acl/other",
                "https:///v1/kv/data/codex-auth/logins/codex-ci",
                "not an address",
                ""
            })
    void aTokenIsSentToNoOtherPathAndNowhereUnencrypted(String location) {
        server.fail(
                Integer.MAX_VALUE, call -> true, new Fault(307, Map.of("Location", location), Fault.QUOTING, false));

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> OnVault.store(server.port()).peek(ID))
                .satisfies(e -> assertThat(e.problem()).contains("sends us to where no token may be sent"));
        assertThat(server.calls()).hasSize(1);
    }

    @Test
    void aLoginThatAnOperatorDeletedIsNoneAndTheNextOneTakesItsPlace() throws Exception {
        CredentialRecord first = Records.generation(ID, 1);
        try (Lease lease = acquire()) {
            lease.save(Revision.NONE, first);
        }
        server.delete("codex-auth/logins/codex-ci");

        try (Lease lease = acquire()) {
            assertThat(lease.load()).isEmpty();
            assertThat(lease.save(Revision.NONE, first)).isEqualTo(SaveResult.SAVED);
        }
    }

    /** Seen at every step, since nobody knows which read goes to which server. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void aStandbyThatAnswersReadsLateHidesNoLoginAndNoSave(int reads) throws Exception {
        int standby = server.readingStandby(reads);
        CredentialRecord first = Records.generation(ID, 1);
        CredentialRecord second = Records.generation(ID, 2);
        CredentialRecord third = Records.generation(ID, 3);
        try (Lease lease = acquire(standby)) {
            assertThat(lease.load()).isEmpty();
            lease.proveWritable();
            assertThat(lease.save(Revision.NONE, first)).isEqualTo(SaveResult.SAVED);
            assertThat(lease.save(Revision.of(first), second)).isEqualTo(SaveResult.SAVED);
            assertThat(lease.confirm().isHeld()).isTrue();
            assertThat(lease.load()).contains(second);
        }
        assertThat(OnVault.store(server.port()).occupancy(ID)).as("given back").isEmpty();

        try (Lease lease = acquire(standby)) {
            assertThat(lease.load()).contains(second);
            server.fail(1, Call::isSave, Fault.after(502));
            assertThat(lease.save(Revision.of(second), third)).isEqualTo(SaveResult.SAVED);
            assertThat(lease.loadPrevious()).contains(second);
        }
        try (Lease lease = acquire(server.port())) {
            assertThat(lease.load()).contains(third);
        }
    }

    @Test
    void whatWasLeftThroughOneServerIsTakenUpThroughAnother() throws Exception {
        int standby = server.readingStandby(3);
        VaultStore store = OnVault.store(standby);
        var claim = store.acquire(ID, JOB, Duration.ZERO, busy -> {}).detach(Duration.ofHours(1));

        store.resume(ID, claim).close();

        assertThat(OnVault.store(server.port()).occupancy(ID)).isEmpty();
    }

    /** A state that was saved since is newer than what the back-up brought, and core's rule of lineage puts it back. */
    @Test
    void aServerWhoseCertificateIsNotTrustedGetsNoToken(@TempDir Path folder) throws Exception {
        OwnAuthority authority = OwnAuthority.in(folder);
        try (VaultStandIn encrypted = VaultStandIn.start(authority)) {
            VaultAddress strange = VaultAddress.parse("//kv/codex-auth?server=https://127.0.0.1:" + encrypted.port());
            VaultAddress trusted = VaultAddress.parse(
                    "//kv/codex-auth?server=https://127.0.0.1:" + encrypted.port() + "&ca=" + authority.bundle());

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> store(strange).peek(ID))
                    .satisfies(e -> assertThat(e.problem()).contains("a certificate that is not trusted here"));
            assertThat(encrypted.calls()).isEmpty();
            assertThat(store(trusted).peek(ID)).isEmpty();
        }
    }

    private static VaultStore store(VaultAddress address) {
        PasswordSource shown = OnVault.shown(VaultStandIn.ROOT);
        return new VaultStore(new VaultServer(address, shown), LeaseTimes.USUAL, Clock.systemUTC());
    }

    @Test
    void aNamespaceIsNamedInEveryCall() throws Exception {
        server.namespace("team/ci");
        VaultAddress outside = OnVault.address(server.port());
        VaultAddress inside = new VaultAddress(
                outside.mount(),
                outside.prefix(),
                URI.create("http://127.0.0.1:" + server.port()),
                Optional.empty(),
                Optional.of("team/ci"),
                outside.signIn());

        store(inside).acquire(ID, JOB, Duration.ZERO, busy -> {}).close();

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> store(outside).peek(ID))
                .satisfies(e -> assertThat(e.problem()).startsWith("there is no KV engine at 'kv'"));
    }

    @Test
    void anEntryOfSomebodyElseIsNeitherALoginNorOverwritten() throws Exception {
        server.put(
                "codex-auth/logins/codex-ci",
                new com.fasterxml.jackson.databind.json.JsonMapper()
                        .createObjectNode()
                        .put("current", "their own"));
        try (Lease lease = acquire()) {
            assertThatExceptionOfType(io.github.codexauth.store.CorruptRecordException.class)
                    .isThrownBy(() -> lease.save(Revision.NONE, Records.generation(ID, 1)));
        }
        ObjectNode theirs = server.content("codex-auth/logins/codex-ci").orElseThrow();
        assertThat(theirs.path("current").asText()).isEqualTo("their own");
    }
}
